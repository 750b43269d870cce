import type { ExecutionOutcome } from '../host/processes.ts';

interface OutcomeExplanation {
  readonly reason: string;
  readonly hint: string;
}

/** What it means that a program of a registered architecture did not run. */
export function explainOutcome(architecture: string, outcome: ExecutionOutcome): OutcomeExplanation {
  const what = `the probe for ${architecture} did not run`;
  switch (outcome.kind) {
    case 'refused':
      return {
        reason: `${what}: ${outcome.errno}, ${meaning(outcome.errno)}`,
        hint: `anyarch status; anyarch register ${architecture} --dry-run`,
      };
    case 'signalled':
      return {
        reason: `${what} to its end: signal ${outcome.signal} ended it, the emulator is broken or too old`,
        hint: `use another emulator: anyarch emulators list ${architecture}`,
      };
    case 'timeout':
      return {
        reason: `${what} to its end in time`,
        hint: `run the command again when the machine has less to do; if that does not help, use another emulator: anyarch emulators list ${architecture}`,
      };
    case 'exited':
      return {
        reason: `${what} to its end: exit code ${outcome.code} instead of 42${outcome.code === 1 || outcome.code === 255 ? ', the emulator itself failed' : ''}`,
        hint: `use another emulator: anyarch emulators list ${architecture}`,
      };
  }
}

function meaning(errno: string): string {
  switch (errno) {
    case 'ENOEXEC':
      return 'no entry takes it (unregistered, disabled, or shadowed by the table of this user namespace), or the interpreter of an entry with flag O or C is taken by an entry itself';
    case 'ENOENT':
      return "the entry's interpreter, or the loader of a dynamic one, is not there";
    case 'EACCES':
      return "the entry's interpreter may not be executed";
    case 'ELOOP':
      return "the entry's interpreter is taken by an entry itself, or more than 5 interpreters would follow each other";
    default:
      return 'the kernel refused to execute it';
  }
}
