import { setTimeout as sleep } from 'node:timers/promises';
import { AnyarchError } from '../../core/error.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import type { Host } from '../../host/host.ts';
import { runInGuest } from '../access/run-in-guest.ts';
import type { Qmp } from '../qmp/client.ts';
import { diskTrouble } from '../readiness/guest-state.ts';
import type { RunningMachine } from '../record.ts';
import { diskStopped } from './disk-stopped.ts';
import { endsWithin } from './leftovers.ts';
import type { Machine } from './machine.ts';

export interface SwitchOffOptions {
  readonly qmp: Qmp;
  /** Milliseconds that the guest has. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** Milliseconds between two presses of the power button: what boots does not heed it yet. */
const pressMs = 5_000;
/** Milliseconds that the button has before SSH is tried. */
const beforeSshMs = 4_000;

/**
 * Has the guest switch itself off: by its power button, and over SSH where it does not heed that.
 *
 * @returns undefined when the guest did not in time
 * @throws AnyarchError ANYARCH_CANCELLED; what `diskStopped` makes when there is no space for what the guest writes while it
 *   shuts down
 */
export async function switchOff(
  host: Host,
  machine: Machine,
  running: RunningMachine,
  { qmp, limitMs, signal }: SwitchOffOptions,
): Promise<'powerdown' | 'ssh' | undefined> {
  const begun = host.clock.monotonic();
  const elapsed = (): number => host.clock.monotonic() - begun;
  let pressedMs = -pressMs;
  let told = false;
  while (!(await endsWithin(host, running, 100))) {
    throwIfCancelled(signal);
    if (elapsed() > limitMs) return undefined;
    if (elapsed() - pressedMs >= pressMs) {
      pressedMs = elapsed();
      // It may just have gone.
      const trouble = await diskTrouble(qmp).catch(ignoreFailure);
      if (trouble !== undefined) throw diskStopped(machine, trouble);
      await qmp.execute('system_powerdown', undefined, { timeoutMs: 5_000 }).catch(ignoreFailure);
    }
    if (!told && running.readyMs !== undefined && elapsed() > beforeSshMs && !hasBegun(host, machine)) {
      told = true;
      const words = ['sh', '-c', 'sudo -n poweroff || poweroff'];
      await runInGuest(machine, running, words, { timeoutMs: 15_000, signal });
    }
    await sleep(100);
  }
  return told ? 'ssh' : 'powerdown';
}

/** The guest's init says that it shuts down. */
function hasBegun({ files }: Host, { places }: Machine): boolean {
  const changed = files.status(places.console)?.modifiedMs ?? 0;
  return Date.now() - changed < 2_000;
}

export function ignoreFailure(error: unknown): undefined {
  if (!(error instanceof AnyarchError)) throw error;
}
