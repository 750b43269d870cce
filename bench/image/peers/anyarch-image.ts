import { rmSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { removeAllEntries } from '../../binfmt-table.ts';
import type { Contender } from '../../contender.ts';
import { checkEntries } from '../../registering/check-entries.ts';
import type { Stage } from '../stage.ts';
import { timeCommand } from '../timer.ts';

/** Everything was done; and the same with a warning that a private table is seen by nobody else, which is why it is used. */
const accepted = [0, 3];

/** The image's program, by one of its command lines. */
export function anyarchImage(
  { timer, own }: Stage,
  words: readonly string[],
  { name, dialect }: { readonly name: string; readonly dialect?: 'binfmt' | 'multiarch' },
): Contender {
  const suffix = dialect === 'binfmt' ? '' : '-static';
  return {
    name,
    run: () => ({
      [name]: timeCommand(timer, {
        root: own.root,
        command: ['/usr/bin/anyarch', ...words],
        environment: dialect === undefined ? {} : { ANYARCH_DIALECT: dialect },
        accepted,
      }),
    }),
    check: () => checkEntries(`/usr/bin/qemu-aarch64${suffix}`),
    reset: () => {
      removeAllEntries();
      forget(join(own.root, 'var/lib/anyarch'));
    },
  };
}

/** Each container starts without a ledger. */
function forget(state: string): void {
  for (const name of readdirSync(state)) rmSync(join(state, name), { recursive: true });
}
