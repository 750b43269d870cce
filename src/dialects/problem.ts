import { errorCodes } from '../core/error-code.ts';
import { AnyarchError } from '../core/error.ts';
import type { ArchitectureResult } from '../registration/index.ts';
import type { DialectOutcome } from './dialect.ts';

type Problem = NonNullable<ArchitectureResult['error']>;

/** On one line: what shows only the last one, as docker/setup-qemu-action does, shows all of it. */
export function problemText({ code, message, hint }: Problem): string {
  const next = nextStepInContainer(code, hint);
  return `${message} [${code}]${next === undefined ? '' : `; next: ${next}`}`;
}

/** @param hint what helps on a host */
export function nextStepInContainer(code: Problem['code'], hint: string | undefined): string | undefined {
  return nextSteps[code] ?? hint;
}

const sharesTable =
  'docker run -v /proc/sys/fs/binfmt_misc:/binfmt …, where the host has it mounted there; or with --privileged';

/** What helps inside a container, where other commands are at hand than on a host. */
const nextSteps: Readonly<Partial<Record<Problem['code'], string>>> = {
  ANYARCH_PERMISSION: sharesTable,
  ANYARCH_BINFMT_NOT_MOUNTED: sharesTable,
  ANYARCH_EMULATOR_UNTRUSTED:
    'let root own the emulator and the directories above it, and nobody else write there',
};

/** What concerns everything that was asked for. What is no AnyarchError is thrown again. */
export function fatalOutcome(error: unknown, prefix: string): DialectOutcome {
  if (!(error instanceof AnyarchError)) throw error;
  return {
    exitCode: errorCodes[error.code],
    stdout: '',
    stderr: `${prefix}${problemText(error)}\n`,
  };
}
