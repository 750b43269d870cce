import { errorOutcome } from '../cli/error-outcome.ts';
import { outputFailure } from '../cli/output-failure.ts';
import { quickjsHost } from '../host/quickjs/quickjs-host.ts';
import { writeToStandardError, writeToStandardOutput } from '../host/quickjs/standard-streams.ts';
import { SystemError } from '../host/system-error.ts';
import { runProgram } from './program.ts';

/** Set by the build. */
declare const anyarchVersion: string;

/** Signals' numbers are the same on every architecture that the program is built for. */
const hangUp = 1;

const outcome = runProgram(quickjsHost(), {
  words: kernel.words(),
  version: anyarchVersion,
  live: {
    print: writeToStandardOutput,
    wait: (ms) => {
      const signal = kernel.waitForSignal(ms);
      return signal === 0 ? 'elapsed' : signal === hangUp ? 'reread' : 'stop';
    },
  },
});
writeToStandardError(outcome.stderr);
kernel.exit(exitCodeOfPrinting());

/** A result that did not get through is none. */
function exitCodeOfPrinting(): number {
  try {
    writeToStandardOutput(outcome.stdout);
    return outcome.exitCode;
  } catch (error) {
    // `… status | head -1` ends quietly.
    if (error instanceof SystemError && error.errno === 'EPIPE') return 141;
    const { errorText } = errorOutcome(outputFailure(error), { debug: false });
    writeToStandardError(errorText);
    return 1;
  }
}
