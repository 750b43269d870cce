import { describeWith, needs } from '../support/engines/requirements.ts';
import { testFault } from '../support/faults/fault.ts';
import { mustSucceed } from '../support/faults/entries.ts';
import { privateLaboratory } from '../support/faults/laboratory.ts';

describeWith([needs.root, needs.qemu, needs.hostTable], 'files that find no place', () => {
  testFault(
    async () => {
      const laboratory = await privateLaboratory();
      await mustSucceed(laboratory, ['mkdir', '-p', laboratory.home]);
      await mustSucceed(laboratory, ['mount', '-t', 'tmpfs', '-o', 'size=64m', 'none', laboratory.home]);
      return laboratory;
    },
    {
      name: 'the file system of the state directory is full',
      cause: 'no-space',
      inject: async (laboratory) => {
        await mustSucceed(laboratory, ['anyarch', 'unregister', 's390x']);
        await mustSucceed(laboratory, ['sh', '-c', `cat /dev/zero > ${laboratory.home}/full || true`]);
      },
      command: () => ['anyarch', 'register', 's390x'],
      remedy: (laboratory) => mustSucceed(laboratory, ['rm', `${laboratory.home}/full`]),
    },
  );

  testFault(
    async () => {
      const laboratory = await privateLaboratory();
      await mustSucceed(laboratory, ['mkdir', '-p', '/tmp/anyarch-0']);
      return laboratory;
    },
    {
      name: 'every place for the launcher is mounted noexec',
      cause: 'launcher-place-missing',
      inject: (laboratory) => mustSucceed(laboratory, ['sh', '-c', places('mount -t tmpfs -o noexec none')]),
      command: () => ['anyarch', 'run', '--', 'true'],
      remedy: (laboratory) => mustSucceed(laboratory, ['sh', '-c', places('umount')]),
    },
  );
});

function places(command: string): string {
  return `set -e
mkdir -p "\${XDG_CACHE_HOME:-$HOME/.cache}/anyarch"
for d in "\${XDG_CACHE_HOME:-$HOME/.cache}/anyarch" /tmp/anyarch-0 /dev/shm; do ${command} "$d"; done`;
}
