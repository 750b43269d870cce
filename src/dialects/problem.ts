import { errorCodes } from '../core/error-code.ts';
import { AnyarchError } from '../core/error.ts';
import type { ArchitectureResult } from '../registration/index.ts';
import type { DialectOutcome } from './dialect.ts';

type Problem = NonNullable<ArchitectureResult['error']>;

/** On one line: what shows only the last one, as docker/setup-qemu-action does, shows all of it. */
export function problemText({ code, message, hint }: Problem): string {
  const next = nextStep(code, hint);
  return `${message} [${code}]${next === undefined ? '' : `; next: ${next}`}`;
}

/** What helps inside a container, where other commands are at hand than on a host. */
function nextStep(code: Problem['code'], hint: string | undefined): string | undefined {
  switch (code) {
    case 'ANYARCH_PERMISSION':
    case 'ANYARCH_BINFMT_NOT_MOUNTED':
      return 'docker run -v /proc/sys/fs/binfmt_misc:/proc/sys/fs/binfmt_misc …, or with --privileged';
    case 'ANYARCH_EMULATOR_UNTRUSTED':
      return 'let root own the emulator and the directories above it, and nobody else write there';
    default:
      return hint;
  }
}

/** What concerns everything that was asked for. What is no AnyarchError is thrown again. */
export function fatalOutcome(error: unknown, prefix: string): DialectOutcome {
  if (!(error instanceof AnyarchError)) throw error;
  return {
    exitCode: errorCodes[error.code].exitCode,
    stdout: '',
    stderr: `${prefix}${problemText(error)}\n`,
  };
}
