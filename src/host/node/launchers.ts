import type { SpawnSyncReturns } from 'node:child_process';
import { AnyarchError } from '../../core/error.ts';
import { buildLauncher } from '../../core/launcher/build-launcher.ts';
import { readFailureRecords } from '../../core/launcher/failure-record.ts';
import { launcherHostOf } from '../../core/launcher/find-launcher-host.ts';
import type { LauncherHost } from '../../core/launcher/launcher-host.ts';
import type { FailureRecord, Program } from '../../core/launcher/program.ts';
import type { Files } from '../files.ts';
import type { Clock, System } from '../host.ts';
import { installLauncher } from '../launcher-place.ts';
import { SystemError } from '../system-error.ts';
import { errnoOf } from './system-call.ts';

export interface Launch {
  /** The steps that failed; more than one only where the launcher started processes. */
  readonly failures: readonly FailureRecord[];
  /** What was written to descriptor 4, for programs that were started with `output`. */
  readonly output: Uint8Array;
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly timedOut: boolean;
  readonly stderr: string;
}

/** Runs launcher programs to their end. */
export interface Launchers {
  /** @throws AnyarchError ANYARCH_HOST_UNSUPPORTED */
  host(): LauncherHost;
  launch(
    program: Program,
    args: readonly string[],
    timeoutMs: number,
    options?: {
      /** Opens descriptor 4, which a program must close again for what it executes. */
      readonly output?: boolean;
      /** An open file of this process's that it gets as the descriptor 4, or 5 behind the output. */
      readonly inherit?: number;
    },
  ): Launch;
}

/** How often a launcher is started again that another process's fork still holds open for writing, and the pause in ms. */
const busyRetries = 20;
const busyPauseMs = 5;

export function nodeLaunchers(parts: { files: Files; system: System; clock: Clock }): Launchers {
  const installed = new Map<Program, string>();
  const launcherHost = (): LauncherHost => supportedHost(parts.system);
  return {
    host: launcherHost,
    launch(program, args, timeoutMs, { output = false, inherit } = {}) {
      const host = launcherHost();
      const known = installed.get(program);
      // Who clears caches away may do so while we run.
      const path =
        known !== undefined && parts.files.status(known) !== undefined
          ? known
          : installLauncher(parts, buildLauncher(host, program));
      installed.set(program, path);
      const files = [...(output ? (['pipe'] as const) : []), ...(inherit === undefined ? [] : [inherit])];
      const result = spawnRetrying(path, args, { timeoutMs, files, clock: parts.clock });
      const errno = errnoOf(result.error);
      if (errno !== undefined && errno !== 'ETIMEDOUT') throw new SystemError(errno, 'spawn', path);
      return {
        failures: readFailureRecords(result.output[3] ?? new Uint8Array(), host),
        output: (output ? result.output[4] : undefined) ?? new Uint8Array(),
        exitCode: result.status ?? undefined,
        signal: result.signal ?? undefined,
        timedOut: errno === 'ETIMEDOUT',
        stderr: result.stderr.toString(),
      };
    },
  };
}

function supportedHost({ machine }: System): LauncherHost {
  const host = launcherHostOf(machine);
  if (host !== undefined) return host;
  throw new AnyarchError('ANYARCH_HOST_UNSUPPORTED', `anyarch has no launcher for ${machine} machines`, {
    hint: 'what needs no launcher works here too: fetch emulators, or export rules with anyarch export',
  });
}

function spawnRetrying(
  path: string,
  args: readonly string[],
  options: {
    readonly timeoutMs: number;
    readonly files: readonly ('pipe' | number)[];
    readonly clock: Clock;
  },
): SpawnSyncReturns<Buffer> {
  for (let attempt = 0; ; attempt += 1) {
    const { spawnSync } = process.getBuiltinModule('node:child_process');
    const result = spawnSync(path, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', ...options.files],
      timeout: options.timeoutMs,
      killSignal: 'SIGKILL',
      maxBuffer: Infinity,
    });
    if (errnoOf(result.error) !== 'ETXTBSY' || attempt === busyRetries) return result;
    options.clock.sleep(busyPauseMs);
  }
}
