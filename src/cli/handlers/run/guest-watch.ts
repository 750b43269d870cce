import { randomUUID } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import { AnyarchError } from '../../../core/error.ts';
import { encodeUtf8 } from '../../../core/text.ts';
import { fileFailure } from '../../../host/file-failure.ts';
import type { Host } from '../../../host/host.ts';
import { writeToStandardError } from '../../../host/node/write-whole.ts';
import { parseDuration, watchForStall, type Stall, type StallWatch } from '../../../stall/index.ts';
import type { Outcome } from '../../command.ts';
import { formatStall } from '../../reports/stall.ts';
import { emulatedOf, explainCrash, knownAdvisories } from './explain-crash.ts';
import { openTrace } from './trace.ts';
import type { GuestWatch, Watched, WatchOptions } from './watched-guest.ts';

/** As timeout(1) ends. */
const stalledExitCode = 124;
/** Of what was written to standard error, characters. */
const kept = 32 * 1024;
/** By which processes of the guest are known whose parents have ended. */
const markVariable = 'ANYARCH_STALL_WATCH';

/** @throws AnyarchError ANYARCH_USAGE */
export function guestWatch(options: WatchOptions, watched: Watched): GuestWatch {
  const { host } = watched.context;
  const timeoutMs = timeoutOf(options);
  if (options['stall-report'] !== undefined) checkReport(host, options['stall-report']);
  const mark =
    timeoutMs === undefined || watched.isApart === true ? undefined : `${markVariable}=${randomUUID()}`;
  const trace = options['stall-trace'] === true ? openTrace(host, watched.root === undefined) : undefined;
  const abort = new AbortController();
  let stall: Stall | undefined;
  let watch: StallWatch | undefined;
  let printed: string | undefined;
  const close = (): void => {
    watch?.stop();
    trace?.close();
  };
  return {
    environment: [...(trace?.environment ?? []), ...(mark === undefined ? [] : [mark])],
    binds: trace?.binds ?? [],
    signal: abort.signal,
    onStarted: (pid) => {
      if (timeoutMs === undefined) return;
      watch = watchForStall(host, pid, {
        timeoutMs,
        onStall: (found, pids) => {
          stall = found;
          abort.abort();
          killAll(pids.filter((one) => one !== pid));
        },
        ...(trace === undefined ? {} : { signs: trace.calls }),
        ...(mark === undefined ? {} : { mark }),
      });
    },
    ...(options['explain-crash'] === true
      ? {
          onErrorOutput: (chunk: Uint8Array): void => {
            const text = Buffer.from(chunk).toString('utf8');
            printed = `${printed ?? ''}${text}`.slice(-kept);
            writeToStandardError(chunk);
          },
        }
      : {}),
    finish: async (outcome) => {
      // What is still in the pipe.
      const lines = await trace?.last();
      close();
      if (stall !== undefined) return stalled(host, stall, options, watched, lines);
      const read = options['explain-crash'] === true ? (printed ?? '') : undefined;
      return explainCrash(outcome, watched, read);
    },
    close,
  };
}

function timeoutOf(options: WatchOptions): number | undefined {
  const text = options['stall-timeout'];
  if (text !== undefined) return parseDuration('--stall-timeout', text);
  const other = (['stall-report', 'stall-trace'] as const).find((name) => options[name] !== undefined);
  if (other === undefined) return undefined;
  throw new AnyarchError('ANYARCH_USAGE', `--${other} goes with --stall-timeout`, {
    hint: `say after what time without progress: --stall-timeout 10m --${other}`,
  });
}

function stalled(
  host: Host,
  stall: Stall,
  options: WatchOptions,
  watched: Watched,
  trace: readonly string[] | undefined,
): Outcome {
  const advisories = knownAdvisories(watched, ['hang']);
  const report = options['stall-report'];
  const document = { schema: 'anyarch/stall/1', program: watched.program, ...stall, trace, advisories };
  const warning = report === undefined ? '' : writeReport(host, resolve(report), document);
  const emulated = emulatedOf(watched);
  const debug =
    emulated === undefined
      ? undefined
      : [
          'anyarch',
          'debug',
          '-a',
          emulated.architecture.debian[0] ?? emulated.architecture.name,
          watched.program,
        ];
  const isEmulated = watched.emulated.length > 0;
  const text = formatStall(stall, { advisories, trace, debug, isEmulated, report });
  return { exitCode: stalledExitCode, errorText: `${text}${warning}` };
}

/**
 * Before the guest starts: what it did is lost where its report cannot be written.
 *
 * @throws AnyarchError ANYARCH_FILE
 */
function checkReport({ files }: Pick<Host, 'files'>, report: string): void {
  const path = resolve(report);
  try {
    if (files.status(path)?.kind === 'directory')
      throw new AnyarchError('ANYARCH_FILE', `${path} is a directory, and no report of a stall`, {
        hint: 'name a file: --stall-report stall.json',
      });
    const trial = `${dirname(path)}/.anyarch-${randomUUID()}`;
    files.createFleeting(trial, new Uint8Array(), 0o600);
    files.remove(trial);
  } catch (error) {
    throw fileFailure(error, path, 'set --stall-report');
  }
}

/** @returns a warning where it cannot be written: the guest has been ended, and that is what has to be said */
function writeReport({ files }: Pick<Host, 'files'>, path: string, document: object): string {
  try {
    files.writeAtomic(path, encodeUtf8(`${JSON.stringify(document, undefined, 1)}\n`), 0o644);
    return '';
  } catch (error) {
    const failure: unknown = fileFailure(error, path, 'set --stall-report');
    if (!(failure instanceof AnyarchError)) throw failure;
    return `anyarch: warning: ${failure.message}\n`;
  }
}

/** The first one is killed by who started it; with a namespace's init everything in it ends. */
function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      // It has ended, or is another user's in the guest, whose init takes it along.
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code !== 'ESRCH' && code !== 'EPERM') throw error;
    }
  }
}
