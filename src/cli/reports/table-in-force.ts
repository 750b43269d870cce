import type { AnyarchError } from '../../core/error.ts';
import { printable, printableLines } from '../../core/printable.ts';
import { reportedError } from '../../registration/index.ts';
import { namespaceTitle } from '../../table-in-force/index.ts';
import type { TableInForce } from '../../table-in-force/index.ts';
import type { Outcome } from '../command.ts';
import type { Style } from '../style.ts';
import { formatStatus } from './status.ts';

export type TableLookedUp =
  | { readonly pid: number; readonly found: TableInForce }
  | { readonly pid: number; readonly error: AnyarchError };

/** @param options.user whose namespaces were asked for */
export function tableInForceOutcome(
  looked: readonly TableLookedUp[],
  { user, style }: { readonly user: string | undefined; readonly style: Style },
): Outcome {
  const found = looked.flatMap((one) => ('found' in one ? [one.found] : []));
  const failed = looked.flatMap((one) => ('error' in one ? [one] : []));
  const broken = found.some(({ status }) => status.entries.some(({ proof }) => proof?.status === 'failed'));
  return {
    exitCode: failed.length === 0 ? (broken ? 1 : 0) : found.length === 0 ? 4 : 3,
    document: {
      schema: 'anyarch/table-in-force/1',
      tables: found,
      failed: failed.map(({ pid, error }) => ({ pid, error: reportedError(error) })),
    },
    text: [
      ...(looked.length === 0 ? [`user ${printable(user ?? '')} has no user namespaces now\n`] : []),
      ...found.map((one) => formatTable(one, style)),
      ...failed.map(
        ({ pid, error }) => `${style.red('error')} process ${pid}: ${error.message} (${error.code})\n`,
      ),
    ].join('\n'),
  };
}

/** Heading, namespaces and warnings; the entries are told as `anyarch status` tells them. */
function formatTable(found: TableInForce, style: Style): string {
  const lines = [...headLines(found, style), ...warningLines(found, style)];
  return `${lines.join('\n')}\n${formatStatus(found.status, style, nextOf(found))}`;
}

function nextOf({ namespaces }: TableInForce): string | undefined {
  const engine = namespaces[0]?.engine;
  return engine === undefined ? undefined : `anyarch rootless enable ${engine}, or sudo anyarch register`;
}

/** What `explain --pid` says of the table before it explains. */
export function headLines(found: TableInForce, style: Style): string[] {
  const { process, namespaces } = found;
  const chain = namespaces.map(
    (one) => `${one.inode} (${one.isInitial ? 'initial' : (one.ownerName ?? one.owner)})`,
  );
  const rest = namespaces.at(-1)?.isInitial === true ? '' : ', and what this process may not see';
  return [
    style.bold(
      `table in force for process ${process.pid} (${printable(process.command)}): ${titleOf(found)}`,
    ),
    `found   ${found.foundBy === 'probe' ? 'by executing probes in there' : 'by what is mounted: there was nothing to execute that would tell'}`,
    `inside  user namespace ${printable(chain.join(', within '))}${rest}`,
  ];
}

function titleOf({ whose, owner }: TableInForce): string {
  if (owner !== undefined) return printable(namespaceTitle(owner));
  return whose === 'unmounted' ? 'an empty one that is mounted no more' : 'none can be seen';
}

export function warningLines({ warnings }: TableInForce, style: Style): string[] {
  return warnings.map(
    ({ message, hint }) => `${style.yellow('warning')} ${printableLines(`${message}\n  next: ${hint}`)}`,
  );
}
