import { join } from 'node:path';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import { confinedLaboratory, isProbe, refusing } from '../../support/faults/confined.ts';
import { testFault } from '../../support/faults/fault.ts';
import { foreignCommand, foreignProgram, mustRun } from '../../support/faults/foreign.ts';
import { asUser } from '../../support/engines/user.ts';

describeWith([needs.root, needs.qemu, needs.hostTable], 'an emulator that is confined', () => {
  testFault(
    async () => {
      // As with docker: the doctor is outside of the container.
      const laboratory = await confinedLaboratory({ isAnyarchConfined: false });
      await mustRun(laboratory, 'register', 's390x');
      return laboratory;
    },
    {
      name: 'a filter answers clone3 with EPERM, as that of docker before 20.10.10',
      cause: 'seccomp-refuses-emulator',
      inject: async (laboratory) => {
        await laboratory.confine(await refusing('clone3'));
      },
      command: (laboratory) => foreignCommand(laboratory),
      works: isProbe,
      remedy: (laboratory) => laboratory.lift(),
    },
  );

  testFault(
    async () => {
      const laboratory = await confinedLaboratory();
      await mustRun(laboratory, 'register', 'arm');
      return laboratory;
    },
    {
      name: 'the address space is limited to less than a 32-bit guest has',
      cause: 'address-space-limit',
      inject: (laboratory) => laboratory.confine(['prlimit', '--as=3000000000', '--']),
      command: (laboratory) => foreignCommand(laboratory, 'arm'),
      works: isProbe,
      remedy: (laboratory) => laboratory.lift(),
    },
  );
});

describeWith([needs.root, needs.qemu, needs.testUser], 'an emulator without a second thread', () => {
  testFault(() => confinedLaboratory({ place: [], isAnyarchConfined: false }), {
    name: 'the user may have one process',
    cause: 'process-limit',
    // At last, since the limit does not count for root.
    inject: (laboratory) => laboratory.confine(['prlimit', '--nproc=1', '--', ...asUser([])]),
    command: ({ directory }) => [
      join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', 'qemu-s390x'),
      foreignProgram(directory),
    ],
    works: isProbe,
    remedy: (laboratory) => laboratory.lift(),
  });
});
