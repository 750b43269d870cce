import type { SpawnSyncReturns } from 'node:child_process';
import { AnyarchError } from '../../core/error.ts';
import { buildLauncher } from '../../core/launcher/build-launcher.ts';
import { readFailureRecord } from '../../core/launcher/failure-record.ts';
import { launcherHostOf } from '../../core/launcher/find-launcher-host.ts';
import type { FailureRecord, Program } from '../../core/launcher/program.ts';
import type { Files } from '../files.ts';
import type { Clock, System } from '../host.ts';
import { installLauncher } from '../launcher-place.ts';
import { SystemError } from '../system-error.ts';
import { errnoOf } from './system-call.ts';

export interface Launch {
  /** The step that failed; the launcher reported it and nothing else ran. */
  readonly failure: FailureRecord | undefined;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly timedOut: boolean;
  readonly stderr: string;
}

/** Runs launcher programs to their end. */
export interface Launchers {
  launch(program: Program, args: readonly string[], timeoutMs: number): Launch;
}

/** How often a launcher is started again that another process's fork still holds open for writing, and the pause in ms. */
const busyRetries = 20;
const busyPauseMs = 5;

export function nodeLaunchers(parts: { files: Files; system: System; clock: Clock }): Launchers {
  const installed = new Map<Program, string>();
  return {
    launch(program, args, timeoutMs) {
      const { machine } = parts.system;
      const host = launcherHostOf(machine);
      if (host === undefined) {
        throw new AnyarchError(
          'ANYARCH_HOST_UNSUPPORTED',
          `anyarch has no launcher for ${machine} machines`,
          {
            hint: 'what needs no launcher works here too: fetch emulators, or export rules with anyarch export',
          },
        );
      }
      const path = installed.get(program) ?? installLauncher(parts, buildLauncher(host, program));
      installed.set(program, path);
      const result = spawnRetrying(path, args, timeoutMs, parts.clock);
      const errno = errnoOf(result.error);
      if (errno !== undefined && errno !== 'ETIMEDOUT') throw new SystemError(errno, 'spawn', path);
      const report = result.output[3];
      return {
        failure: readFailureRecord(report ?? new Uint8Array(), host),
        exitCode: result.status ?? undefined,
        signal: result.signal ?? undefined,
        timedOut: errno === 'ETIMEDOUT',
        stderr: result.stderr.toString(),
      };
    },
  };
}

function spawnRetrying(
  path: string,
  args: readonly string[],
  timeout: number,
  clock: Clock,
): SpawnSyncReturns<Buffer> {
  for (let attempt = 0; ; attempt += 1) {
    const { spawnSync } = process.getBuiltinModule('node:child_process');
    const result = spawnSync(path, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
      timeout,
      killSignal: 'SIGKILL',
      maxBuffer: Infinity,
    });
    if (errnoOf(result.error) !== 'ETXTBSY' || attempt === busyRetries) return result;
    clock.sleep(busyPauseMs);
  }
}
