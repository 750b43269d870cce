import { quickjsHost } from '../host/quickjs/quickjs-host.ts';
import { writeToStandardError, writeToStandardOutput } from '../host/quickjs/standard-streams.ts';
import { runProgram } from './program.ts';

/** Set by the build. */
declare const anyarchVersion: string;

const outcome = runProgram(quickjsHost(), { words: kernel.words(), version: anyarchVersion });
writeToStandardError(outcome.stderr);
writeToStandardOutput(outcome.stdout);
kernel.exit(outcome.exitCode);
