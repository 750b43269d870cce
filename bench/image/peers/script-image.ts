import { removeAllEntries } from '../../binfmt-table.ts';
import { isMissing, type Peer } from '../../contender.ts';
import { checkEntries } from '../../registering/check-entries.ts';
import { emulatorPaths } from '../mounts.ts';
import { scriptPath } from '../roots/script.ts';
import type { PeerRoot } from '../roots/index.ts';
import type { Stage } from '../stage.ts';
import { timeCommand } from '../timer.ts';

/** QEMU's script ends as its last write does, and goes on after those that are refused. */
const accepted = [0, 1];

/** QEMU's script under the shell of an image. It tries all targets; those without an emulator are refused by the kernel. */
export function scriptImage({ timer }: Stage, root: PeerRoot, emulators: keyof typeof emulatorPaths): Peer {
  if (isMissing(root)) return root;
  const { name, directory } = root;
  const path = emulatorPaths[emulators];
  const options = ['--qemu-suffix', '-static', '--qemu-path', path, '--persistent', 'yes'];
  return {
    name,
    run: () => ({
      [name]: timeCommand(timer, {
        root: directory,
        command: ['/bin/sh', scriptPath, ...options],
        accepted,
      }),
    }),
    check: () => checkEntries(`${path}/qemu-aarch64-static`),
    reset: removeAllEntries,
  };
}
