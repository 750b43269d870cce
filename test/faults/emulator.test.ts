import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CommandResult } from '../support/command.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { busybox } from '../support/fixtures/busybox.ts';
import { guests } from '../support/fixtures/guests.ts';
import { qemuBinary } from '../support/fixtures/qemu.ts';
import { testFault } from '../support/faults/fault.ts';
import { mustRun } from '../support/faults/foreign.ts';
import type { Laboratory } from '../support/faults/laboratory.ts';
import { privateLaboratory } from '../support/faults/laboratory.ts';
import { programOfGo, programWithOpenat2, programWithVectors } from '../support/faults/telling-programs.ts';

interface OldEmulator extends Laboratory {
  readonly program: string;
}

/** The tested emulator is registered; one of bookworm comes in its place. */
async function withProgram(architecture: string, content: Uint8Array): Promise<OldEmulator> {
  const laboratory = await privateLaboratory();
  const program = join(laboratory.directory, 'guest');
  writeFileSync(program, content, { mode: 0o755 });
  await mustRun(laboratory, 'register', '--plain', architecture);
  return { ...laboratory, program };
}

function older(architecture: string, target: string): (laboratory: Laboratory) => Promise<void> {
  return async (laboratory) => {
    await mustRun(laboratory, 'register', '--plain', architecture, '--qemu', await qemuBinary('7.2', target));
  };
}

describeWith([needs.qemu, needs.hostTable], 'an old emulator', () => {
  testFault(() => withProgram('arm64', programWithOpenat2()), {
    name: 'QEMU 7.2, and a guest calls openat2',
    cause: 'emulator-advised-against',
    inject: older('arm64', 'aarch64'),
    command: ({ program }) => [program],
  });

  testFault(() => withProgram('arm64', programOfGo()), {
    name: 'QEMU 7.2, and a program of Go 1.23 starts another one',
    cause: 'emulator-advised-against',
    inject: older('arm64', 'aarch64'),
    command: ({ program }) => [program],
    ask: ({ program }) => ['--file', program],
  });

  testFault(() => withProgram('riscv64', programWithVectors()), {
    name: 'QEMU 7.2, and a riscv64 guest has vector instructions',
    cause: 'emulator-advised-against',
    inject: older('riscv64', 'riscv64'),
    // A shell that waits for it, and so names the signal.
    command: ({ program }) => ['bash', '-c', `${program}; exit $?`],
    works: ({ exitCode }) => exitCode === 42,
  });

  testFault(
    async () => ({ ...(await withProgram('arm64', new Uint8Array())), program: await busybox(guests.arm64) }),
    {
      name: 'QEMU 7.2, and a guest is compiled with pointer authentication',
      cause: 'emulator-slow',
      isUntold: 'the time alone is printed',
      inject: older('arm64', 'aarch64'),
      command: ({ program }) => ['bash', '-c', `TIMEFORMAT='user %U'; time ${program} sh -c '${busyLoop}'`],
      works: isQuick,
      ask: ({ program }) => ['--file', program],
    },
  );

  test('is a note where nothing was asked, and a warning for a guest that it is wrong for', async () => {
    const laboratory = await withProgram('arm64', programOfGo());
    try {
      expect(await told(laboratory, [])).toEqual({ exitCode: 0, severity: undefined });
      await older('arm64', 'aarch64')(laboratory);
      expect(await told(laboratory, [])).toEqual({ exitCode: 0, severity: 'note' });
      expect(await told(laboratory, ['--file', laboratory.program])).toEqual({
        exitCode: 0,
        severity: 'warning',
      });
      expect(await told(laboratory, ['--strict', '--file', laboratory.program])).toEqual({
        exitCode: 1,
        severity: 'warning',
      });
    } finally {
      await laboratory.close();
    }
  });
});

/** About 0.1 s of processor time with QEMU 11, and 1.1 s with 7.2. */
const busyLoop = 'i=0; while [ $i -lt 8000 ]; do i=$((i+1)); done';

/** By processor time, which does not depend on what else this machine does. */
function isQuick({ exitCode, stderr }: CommandResult): boolean {
  return exitCode === 0 && Number(/user ([\d.]+)/.exec(stderr)?.[1]) < 0.5;
}

async function told(
  laboratory: Laboratory,
  args: readonly string[],
): Promise<{ readonly exitCode: number | undefined; readonly severity: string | undefined }> {
  const result = await laboratory.anyarch(['doctor', ...args, '--json']);
  const { checks } = result.json() as {
    checks: readonly { readonly id: string; readonly severity?: string }[];
  };
  const check = checks.find(({ id }) => id === 'emulator-advised-against');
  return { exitCode: result.exitCode, severity: check?.severity };
}
