import { join } from 'node:path';
import type { Contender } from '../../contender.ts';
import { runProgram } from '../../programs.ts';
import type { Stage } from '../stage.ts';

/** The least that a foreign program in namespaces can take: no table, no root file system, no checks. */
export function unshareQemu({ emulator, root }: Stage): Contender {
  const namespaces = ['--user', '--map-root-user', '--mount', '--pid', '--fork'];
  const command = ['unshare', ...namespaces, '--', emulator, join(root, 'bin/busybox'), 'true'];
  return {
    name: 'unshare + qemu',
    run: () => {
      runProgram(command);
      return undefined;
    },
  };
}
