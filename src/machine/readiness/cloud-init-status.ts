import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord, parseJson } from '../../core/json.ts';
import { runInGuest } from '../access/run-in-guest.ts';
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

/** @returns undefined when the signal was given before cloud-init was done */
export async function waitForCloudInit(
  machine: Machine,
  running: RunningMachine,
  { attemptMs, signal }: { readonly attemptMs: number; readonly signal: AbortSignal },
): Promise<CloudInitResult | undefined> {
  while (!signal.aborted) {
    const words = ['cloud-init', 'status', '--format', 'json'];
    const { exitCode, stdout } = await runInGuest(machine, running, words, {
      timeoutMs: attemptMs * 6,
      signal,
    });
    if (exitCode === 127) return { status: 'none', errors: [] };
    const result = parseCloudInitStatus(stdout);
    if (result !== 'running') return result;
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  return undefined;
}

/** @param text what `cloud-init status --format json` prints; anything else counts as not done yet */
function parseCloudInitStatus(text: string): CloudInitResult | 'running' {
  const value = parseJson(text);
  if (!isRecord(value)) return 'running';
  const { status, errors } = value;
  const said = Array.isArray(errors) ? errors.filter((one) => typeof one === 'string') : [];
  // Recoverable errors leave the status `done`; they are what users do not see otherwise.
  const recovered = isRecord(value['recoverable_errors'])
    ? Object.values(value['recoverable_errors'])
        .flat()
        .filter((one) => typeof one === 'string')
    : [];
  if (status === 'done') return { status: 'done', errors: [...said, ...recovered] };
  if (status === 'error' || status === 'degraded')
    return { status: 'failed', errors: [...said, ...recovered] };
  return status === 'disabled' ? { status: 'disabled', errors: [] } : 'running';
}
