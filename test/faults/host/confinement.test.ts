import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describeWith, needs } from '../../support/engines/requirements.ts';
import {
  confinedLaboratory,
  isProbe,
  refusing,
  type ConfinedLaboratory,
} from '../../support/faults/confined.ts';
import { testFault } from '../../support/faults/fault.ts';
import { foreignCommand, foreignProgram, mustRun } from '../../support/faults/foreign.ts';
import type { Laboratory } from '../../support/faults/laboratory.ts';

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

describeWith([needs.root, needs.qemu], 'a user who may have one process', () => {
  const limited = (uid: number): string[] => ['prlimit', '--nproc=1', '--', ...asNobodyElse(uid)];
  const anEmulator = (laboratory: Laboratory): string[] => [
    join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', 'qemu-s390x'),
    foreignProgram(laboratory.directory),
  ];

  testFault(() => confinedLaboratory({ place: [], isAnyarchConfined: false }), {
    name: 'an emulator starts, and is refused its second thread',
    cause: 'process-limit',
    // At last, since the limit does not count for root.
    inject: (laboratory) => laboratory.confine(limited(lonely)),
    command: anEmulator,
    says: /qemu_thread_create: Resource temporarily unavailable/,
    works: isProbe,
    remedy: (laboratory) => laboratory.lift(),
  });

  testFault(() => crowdedLaboratory(), {
    name: 'two are running already, so that execve is refused',
    cause: 'process-limit',
    inject: (laboratory) => laboratory.confine(limited(crowded)),
    command: anEmulator,
    says: /setpriv: failed to execute \S+: Resource temporarily unavailable/,
    works: isProbe,
    remedy: (laboratory) => laboratory.lift(),
  });
});

/** Ids of nobody: whatever a user of this machine runs, or left unreaped, would count. */
const lonely = 2_147_410_001;
const crowded = 2_147_410_002;

function asNobodyElse(uid: number): string[] {
  return ['setpriv', '--reuid', `${uid}`, '--regid', `${uid}`, '--clear-groups', '--'];
}

async function crowdedLaboratory(): Promise<ConfinedLaboratory> {
  const laboratory = await confinedLaboratory({ place: [], isAnyarchConfined: false });
  const running = await Promise.all([startAs(crowded), startAs(crowded)]);
  return {
    ...laboratory,
    close: async () => {
      for (const stop of running) await stop();
      await laboratory.close();
    },
  };
}

/** Ends with this process, because its standard input does. @returns what ends it before */
async function startAs(uid: number): Promise<() => Promise<void>> {
  const [program, ...words] = [...asNobodyElse(uid), 'sh', '-c', 'echo && exec cat'];
  const child = spawn(program, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return async () => {
    const exit = once(child, 'exit');
    child.stdin.end();
    await exit;
  };
}
