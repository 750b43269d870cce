import { availableParallelism } from 'node:os';
import { AnyarchError } from '../../core/error.ts';
import { fileFailure } from '../../host/file-failure.ts';
import type { Host } from '../../host/host.ts';
import { tryLock, type Lock } from '../../host/lock.ts';
import { logFile, openLog, startUpOf, toolTreeDirectory, type OpenLog } from '../../tool-tree/index.ts';
import { accelerationReport, type AccelerationReport } from './acceleration-report.ts';
import { nativePrograms } from './native-programs.ts';
import { reportPath, saveReport } from './saved-report.ts';
import { countTold, newTally } from './tally.ts';

type FollowHost = Pick<Host, 'files' | 'clock'>;

export interface FollowedLog {
  /** What was counted so far. */
  readonly seen: () => { readonly substituted: number; readonly emulated: number };
  /**
   * Ends, and keeps the report in the state directory.
   *
   * @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE when it cannot be kept
   */
  readonly stop: () => Promise<AccelerationReport>;
}

/**
 * Counts what the interposer substitutes and what it does not, from now on, in all containers that see this tool tree. Costs a
 * build nothing but a connection for each start of a program; one that tells more than is heard loses lines.
 *
 * @param state the state directory whose tool tree it is
 * @throws AnyarchError ANYARCH_LOCKED when another process does: a log has one listener; ANYARCH_FILE,
 *   ANYARCH_PERMISSION, ANYARCH_DISK_FULL
 */
export async function followLog(host: FollowHost, state: string): Promise<FollowedLog> {
  const tree = toolTreeDirectory(state);
  makeDirectory(host, tree);
  const lock = lockFor(host, state);
  const tally = newTally();
  const isNative = nativePrograms(host, tree);
  const startedAtMs = host.clock.now();
  let log: OpenLog;
  try {
    log = await openLog(host, `${tree}/${logFile}`, (record) => {
      const isForged = record?.kind === 'substituted' && !isNative(record.program);
      countTold(tally, isForged ? undefined : record);
    });
  } catch (error) {
    lock.release();
    throw error;
  }
  let ended: Promise<AccelerationReport> | undefined;
  const end = async (): Promise<AccelerationReport> => {
    try {
      await log.close();
      const followed = {
        tally,
        startedAtMs,
        endedAtMs: host.clock.now(),
        overflows: log.overflows(),
        processors: availableParallelism(),
      };
      const report = accelerationReport(followed, startUpOf(host, state));
      saveReport(host, reportPath(state), report);
      return report;
    } finally {
      lock.release();
    }
  };
  return {
    seen: () => ({ substituted: tally.substituted, emulated: tally.emulated }),
    stop: () => (ended ??= end()),
  };
}

function makeDirectory({ files }: FollowHost, path: string): void {
  try {
    files.makeDirectory(path, 0o755);
  } catch (error) {
    throw fileFailure(error, path);
  }
}

function lockFor(host: FollowHost, state: string): Lock {
  const path = `${state}/acceleration-report.lock`;
  const attempt = tryLocking(host, path);
  if ('release' in attempt) return attempt;
  const { heldBy } = attempt;
  const holder = heldBy === undefined ? 'another process' : `process ${heldBy.pid}`;
  throw new AnyarchError(
    'ANYARCH_LOCKED',
    `${holder} follows the log of accelerated programs already (${path})`,
    {
      hint: 'wait for its end, then: anyarch accelerate report',
    },
  );
}

function tryLocking(host: FollowHost, path: string): ReturnType<typeof tryLock> {
  try {
    return tryLock(host, path);
  } catch (error) {
    throw fileFailure(error, path);
  }
}
