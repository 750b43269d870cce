import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord, parseJson } from '../../core/json.ts';
import { runInGuest } from '../access/run-in-guest.ts';
import type { ProgramResult } from '../access/run-program.ts';
import type { Machine } from '../life/machine.ts';
import type { RunningMachine } from '../record.ts';

/** What cloud-init says of its work. */
export interface CloudInitResult {
  /** `none` where the guest has no cloud-init. */
  readonly status: 'done' | 'failed' | 'disabled' | 'none';
  /** What went wrong, in its own words. */
  readonly errors: readonly string[];
}

/** Milliseconds between two questions. */
const pauseMs = 1_000;

export interface CloudInitWait {
  readonly attemptMs: number;
  readonly signal: AbortSignal;
  /** Each time that it says so: what does not answer is not at work. */
  readonly onAtWork: () => void;
}

/** @returns undefined when the signal was given before cloud-init was done */
export async function waitForCloudInit(
  machine: Machine,
  running: RunningMachine,
  { attemptMs, signal, onAtWork }: CloudInitWait,
): Promise<CloudInitResult | undefined> {
  const ask = async (...words: readonly string[]): Promise<ProgramResult> =>
    await runInGuest(machine, running, ['cloud-init', 'status', ...words], {
      timeoutMs: attemptMs * 6,
      signal,
    });
  while (!signal.aborted) {
    const { exitCode, stdout } = await ask('--format', 'json');
    if (exitCode === 127) return { status: 'none', errors: [] };
    // Before 22.4 it knows no --format, and says so with 2; newer ones end so after errors that they could live with.
    const isOld = exitCode === 2 && !isRecord(parseJson(stdout));
    const result = isOld ? parsePlainStatus((await ask('--long')).stdout) : parseCloudInitStatus(stdout);
    if (typeof result === 'object') return result;
    if (result === 'running') onAtWork();
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** What `cloud-init status --long` prints: `status: done`, and behind `detail:` what went wrong. */
function parsePlainStatus(text: string): StatusAnswer {
  const status = /^status: *(.*?) *$/m.exec(text)?.[1];
  const detail = /^detail: *([^]*)/m.exec(text)?.[1]?.trim() ?? '';
  return resultOf(status, status === 'error' && detail !== '' ? [detail] : []);
}

/** @param text what `cloud-init status --format json` prints */
function parseCloudInitStatus(text: string): StatusAnswer {
  const value = parseJson(text);
  if (!isRecord(value)) return 'unknown';
  const { status, errors } = value;
  const said = Array.isArray(errors) ? errors.filter((one) => typeof one === 'string') : [];
  // Recoverable errors leave the status `done`; they are what users do not see otherwise.
  const recovered = isRecord(value['recoverable_errors'])
    ? Object.values(value['recoverable_errors'])
        .flat()
        .filter((one) => typeof one === 'string')
    : [];
  return resultOf(status, [...said, ...recovered]);
}

/** `running` only where it says so itself. */
type StatusAnswer = CloudInitResult | 'running' | 'unknown';

function resultOf(status: unknown, errors: readonly string[]): StatusAnswer {
  if (status === 'done') return { status: 'done', errors };
  if (status === 'error' || status === 'degraded') return { status: 'failed', errors };
  if (status === 'disabled') return { status: 'disabled', errors: [] };
  return status === 'running' ? 'running' : 'unknown';
}
