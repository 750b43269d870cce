import type { Host } from '../host/host.ts';
import {
  emptyPrivateTable,
  ensureInHook,
  ensurePrivateTable,
  readWantedTable,
  userStateDirectory,
  wantedTablePathIn,
  type Emptied,
  type Ensured,
  type WantedTable,
} from '../private-table/index.ts';
import type { OptionValues, Outcome } from './command.ts';
import type { rootlessEnsure } from './commands/rootless-ensure.ts';

type Options = OptionValues<(typeof rootlessEnsure)['options']>;

const schema = 'anyarch/rootless-ensure/1';

/** `anyarch rootless ensure`, the same on Node and in the image's program. */
export function ensureRootless(host: Host, options: Options): Outcome {
  if (options.hook === true) return inHook(host, options);
  const state = options.state ?? userStateDirectory(host.system);
  const wanted = wantedIn(host, state);
  if (options.remove === true) return emptied(emptyPrivateTable(host, wanted));
  return ensured(
    ensurePrivateTable(host, wanted, { probe: options.probe === true, state }),
    wantedTablePathIn(state),
  );
}

/** Whatever happens: a hook that fails keeps every container from starting. */
function inHook(host: Host, options: Pick<Options, 'state' | 'remove'>): Outcome {
  try {
    const state = options.state ?? userStateDirectory(host.system);
    if (options.remove !== true) ensureInHook(host, state);
    else emptyPrivateTable(host, wantedIn(host, state));
  } catch {
    // There is nowhere to tell it.
  }
  return { exitCode: 0 };
}

function wantedIn(host: Host, state: string): WantedTable {
  return readWantedTable(host, state) ?? { schema: 1, architectures: [], at: '', by: '' };
}

function ensured(result: Ensured, path: string): Outcome {
  const { table, architectures, copied, notCopied } = result;
  const failed = architectures.filter(({ outcome }) => outcome === 'failed').length;
  const lines = [
    `private table: ${table}`,
    ...(architectures.length === 0 ? [`nothing is wanted: ${path}`] : []),
    ...architectures.map(({ architecture, outcome }) => `${architecture}: ${outcome}`),
    ...(copied.length === 0 ? [] : [`copied from the host: ${copied.join(', ')}`]),
    ...notCopied.map(({ name, reason }) => `not copied: ${name}: ${reason}`),
  ];
  const errors = architectures.flatMap(({ error }) => (error === undefined ? [] : [error]));
  return {
    exitCode: failed === 0 ? 0 : failed === architectures.length ? 1 : 3,
    document: { schema, ...result },
    text: `${lines.join('\n')}\n`,
    errorText: errors.map(errorLines).join(''),
  };
}

function emptied(result: Emptied): Outcome {
  const { removed, failed } = result;
  return {
    exitCode: failed.length === 0 ? 0 : 1,
    document: { schema, ...result },
    text: removed.length === 0 ? 'there was nothing of ours\n' : `removed: ${removed.join(', ')}\n`,
    errorText: failed.map(({ error }) => errorLines(error)).join(''),
  };
}

function errorLines({ code, message, hint }: NonNullable<Ensured['architectures'][number]['error']>): string {
  return `anyarch: ${message} [${code}]\n${hint === undefined ? '' : `  next: ${hint}\n`}`;
}
