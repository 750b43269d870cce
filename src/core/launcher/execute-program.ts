import { F_SETFD, FD_CLOEXEC } from './constants.ts';
import type { Program } from './program.ts';

/** Where `executeProgram` reports that execve failed. */
const reportDescriptor = 3;

/**
 * A raw execve, without the fallback to a shell that C libraries and shells have: the launcher executes its
 * argv[1] with the arguments from argv[2] on, which is argv[0] of the executed program, and its own environment.
 *
 * When execve fails, the failure record of step 1 stands in file descriptor 3, which the executed program does
 * not inherit. Descriptor 3 must be open: run it as
 * `spawnSync(launcher, [path, argv0, ...args], { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] })`.
 */
export function executeProgram(): Program {
  return {
    reportDescriptor,
    steps: [
      { call: 'fcntl', arguments: [reportDescriptor, F_SETFD, FD_CLOEXEC] },
      { call: 'execve', arguments: [{ argument: 1 }, { argumentsFrom: 2 }, { environment: true }] },
    ],
  };
}
