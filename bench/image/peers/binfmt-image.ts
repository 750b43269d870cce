import { removeAllEntries } from '../../binfmt-table.ts';
import { isMissing, type Peer } from '../../contender.ts';
import { checkEntries } from '../../registering/check-entries.ts';
import { emulatorPaths } from '../mounts.ts';
import type { Stage } from '../stage.ts';
import { timeCommand } from '../timer.ts';

/** tonistiigi/binfmt; it ends with 0 whatever happens, so only the table tells. */
export function binfmtImage({ timer, binfmt }: Stage): Peer {
  if (isMissing(binfmt)) return binfmt;
  const { name, directory } = binfmt;
  return {
    name,
    run: () => ({
      [name]: timeCommand(timer, {
        root: directory,
        command: ['/usr/bin/binfmt', '--install', 'all'],
        environment: { QEMU_BINARY_PATH: emulatorPaths.all },
      }),
    }),
    check: () => checkEntries(`${emulatorPaths.all}/qemu-aarch64`),
    reset: removeAllEntries,
  };
}
