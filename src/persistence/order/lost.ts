import { AnyarchError } from '../../core/error.ts';
import { lookUpArchitecture } from '../../core/architecture.ts';
import type { BootEntry } from '../boot-entry.ts';
import { takesProgramsOf } from '../configuration.ts';
import { persistedPath } from '../places.ts';
import type { BootRule } from './boot-rule.ts';

/** The entry that takes the programs of another one after a boot. @param table the newest first */
export function winnerOver({ rule }: BootEntry, table: readonly BootRule[]): BootRule | undefined {
  return table.find((one) => takesProgramsOf(one.rule, rule));
}

/** Why an entry will not be in force after a boot, and what helps; undefined when it will be. */
export function whyLost(entry: BootEntry, table: readonly BootRule[]): AnyarchError | undefined {
  const { target, rule } = entry;
  const arch = lookUpArchitecture(target)?.debian[0] ?? target;
  const winner = winnerOver(entry, table);
  if (winner === undefined) {
    return new AnyarchError('ANYARCH_PERSIST_CLASH', `nothing registers ${arch} at boot any more`, {
      hint: `anyarch persist enable ${arch}`,
    });
  }
  if (winner.rule.name === rule.name && winner.rule.interpreter === persistedPath(target)) return undefined;
  return new AnyarchError(
    'ANYARCH_PERSIST_CLASH',
    `${winner.rule.name} of ${winner.file} is registered after ${rule.name} at boot, and takes the programs of ${arch}`,
    { hint: remedy(winner, arch), details: { path: winner.file } },
  );
}

/** The order of files can be mended by another name of ours, that of binfmt-support's formats cannot. */
function remedy({ rule, file, package: owner }: BootRule, arch: string): string {
  if (owner === undefined)
    return `anyarch persist enable ${arch}; should it stay, remove what ${file} belongs to (dpkg -S ${file})`;
  const removal =
    owner === ':' ? `update-binfmts --remove ${rule.name} ${rule.interpreter}` : `apt remove ${owner}`;
  return `binfmt-support registers its own last, and keeps its entry: ${removal}; or leave ${arch} to it: anyarch persist disable ${arch}`;
}
