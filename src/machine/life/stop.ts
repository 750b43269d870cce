import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import { findDefinition } from '../definition/table.ts';
import { connectQmp, type Qmp } from '../qmp/client.ts';
import { machinePlaces } from '../places.ts';
import { patience } from '../readiness/patience.ts';
import type { RunningMachine } from '../record.ts';
import { checkSavable } from '../state/check-savable.ts';
import { confirmState, saveState } from '../state/save-state.ts';
import { settle } from '../state/settle.ts';
import { endedMeanwhile } from './ended-meanwhile.ts';
import { diskStopped } from './disk-stopped.ts';
import { clearLeftovers, clearSockets, endsWithin, kill } from './leftovers.ts';
import { retryDisk } from './go-on.ts';
import { withMachineLock } from './lock.ts';
import { checkMachineName, readMachine, type Machine } from './machine.ts';
import { machineSockets } from './sockets.ts';
import { isReadable, machineStatus } from './status.ts';
import { stopDamaged } from './stop-damaged.ts';
import { ignoreFailure, switchOff } from './switch-off.ts';

export interface StopOptions {
  /** Keep the running machine as it is: the next start goes on with it. */
  readonly save?: boolean;
  /** At once, as by pulling the plug; what QEMU has is written. */
  readonly force?: boolean;
  /** Milliseconds that the guest has to switch itself off; default: 60 000, more for slow machines and busy hosts. */
  readonly deadlineMs?: number;
  /** After the deadline: an error instead of force. */
  readonly neverForce?: boolean;
  readonly signal: AbortSignal;
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * - `powerdown`: the guest switched itself off when its power button was pressed
 * - `ssh`: it was told to over SSH, because it does not heed the button
 * - `forced`: it did not in time, or force was asked for
 */
export type HowStopped = 'powerdown' | 'ssh' | 'forced' | 'saved' | 'already';

export interface StoppedMachine {
  readonly how: HowStopped;
  readonly tookMs: number;
}

/**
 * @throws AnyarchError ANYARCH_LOCKED, ANYARCH_CANCELLED (the machine may still switch itself off), what `saveState` throws:
 *   the machine goes on then; ANYARCH_MACHINE_FAILED when it must not be forced and did not stop
 *   What `diskStopped` makes for a guest that can do nothing because its disk cannot be written.
 */
export async function stopMachine(
  host: Host,
  machine: Machine,
  options: StopOptions,
): Promise<StoppedMachine> {
  const begun = host.clock.monotonic();
  const { name } = machine.record;
  // Read anew: another command may have changed or removed it while this one waited.
  const stop = async (): Promise<HowStopped> => await stopLocked(host, readMachine(host, name), options);
  const how = await withMachineLock(host, machine, stop, { signal: options.signal });
  return { how, tookMs: host.clock.monotonic() - begun };
}

/**
 * Pulls the plug of a machine, also of one whose record is damaged.
 *
 * @throws AnyarchError ANYARCH_MACHINE_NOT_FOUND, ANYARCH_LOCKED, ANYARCH_CANCELLED
 */
export async function stopByForce(host: Host, name: string, signal: AbortSignal): Promise<StoppedMachine> {
  checkMachineName(name);
  const places = machinePlaces(host.system, name);
  if (host.files.linkStatus(places.directory)?.kind !== 'directory' || isReadable(host, name))
    return await stopMachine(host, readMachine(host, name), { force: true, signal });
  const begun = host.clock.monotonic();
  const didRun = await withMachineLock(host, { places }, async () => await stopDamaged(host, places), {
    signal,
  });
  return { how: didRun ? 'forced' : 'already', tookMs: host.clock.monotonic() - begun };
}

/** With the lock. */
export async function stopLocked(host: Host, machine: Machine, options: StopOptions): Promise<HowStopped> {
  const status = machineStatus(host, machine);
  if (status.kind === 'stopped') {
    await clearLeftovers(host, machine, status.last);
    // A crash is to be seen until the next start, which looks at the disk.
    if (!status.crashed) host.files.remove(machine.places.running);
    return 'already';
  }
  const { running } = status;
  if (options.save === true) checkSavable(machine.record);
  const how = await end(host, machine, running, options);
  if (how === 'saved') confirmState(host, machine.places);
  await tidy(host, machine, running);
  return how === 'unbegun' ? 'saved' : how;
}

async function end(
  host: Host,
  machine: Machine,
  running: RunningMachine,
  options: StopOptions,
): Promise<HowStopped | 'unbegun'> {
  if (options.force === true) return await forced(host, running);
  const qmp = await reachQemu(host, machine, running, options);
  if (qmp === undefined) {
    if (options.neverForce === true || options.save === true) throw unheeded(machine.record.name);
    return await forced(host, running);
  }
  try {
    // Its start was killed, and what it was to go on from is there.
    if (!(await settled(host, machine, qmp, options))) {
      await forced(host, running);
      return 'unbegun';
    }
    // QEMU may just have gone.
    const trouble = await retryDisk(qmp).catch(ignoreFailure);
    if (trouble !== undefined) throw diskStopped(machine, trouble);
    if (options.save === true) {
      await save(host, machine, running, { ...options, qmp });
      await quit(host, running, qmp);
      return 'saved';
    }
    const limitMs = limitOf(host, machine, options);
    const how = await switchOff(host, machine, running, { limitMs, qmp, signal: options.signal });
    if (how !== undefined) return how;
    if (options.neverForce === true) throw unheeded(machine.record.name);
    await quit(host, running, qmp);
    return 'forced';
  } finally {
    qmp.close();
    await qmp.closed;
  }
}

/** A guest that is to be switched off anyhow can be without. */
async function settled(
  host: Host,
  { places }: Machine,
  qmp: Qmp,
  { save: isSaved = false }: StopOptions,
): Promise<boolean> {
  try {
    return await settle(host, places, qmp);
  } catch (error) {
    if (isSaved) throw error;
    ignoreFailure(error);
    return true;
  }
}

async function save(
  host: Host,
  { record: { name }, places }: Machine,
  running: RunningMachine,
  { signal, onProgress, qmp }: StopOptions & { readonly qmp: Qmp },
): Promise<void> {
  try {
    await saveState(host, qmp, { places, running }, { subject: name, signal, onProgress });
  } catch (error) {
    if (await endsWithin(host, running, 500)) throw endedMeanwhile(name, error);
    throw error;
  }
}

/** Undefined for a QEMU that does not answer in the time that the guest has: it hangs, or another program talks to it. */
async function reachQemu(
  host: Host,
  machine: Machine,
  running: RunningMachine,
  options: StopOptions,
): Promise<Qmp | undefined> {
  const { signal } = options;
  const deadline = host.clock.monotonic() + limitOf(host, machine, options);
  do {
    const timeoutMs = Math.min(10_000, Math.max(100, deadline - host.clock.monotonic()));
    try {
      return await connectQmp(machineSockets(running.sockets).qmp, { signal, timeoutMs });
    } catch (error) {
      throwIfCancelled(signal);
      ignoreFailure(error);
    }
  } while (!(await endsWithin(host, running, 200)) && host.clock.monotonic() < deadline);
  return undefined;
}

function limitOf({ files }: Host, { record }: Machine, { deadlineMs }: StopOptions): number {
  return deadlineMs ?? patience(files, findDefinition(record.definition).slowness).stallMs / 2;
}

/** Without asking the guest: QEMU writes what it has, and ends. */
async function quit(host: Host, running: RunningMachine, qmp: Qmp): Promise<void> {
  await qmp.execute('quit', undefined, { timeoutMs: 10_000 }).catch(ignoreFailure);
  if (await endsWithin(host, running, 30_000)) return;
  kill(running.pid, 'SIGKILL');
  await endsWithin(host, running, 30_000);
}

/** Without its control socket, too: somebody else may hold it, or QEMU hang. */
async function forced(host: Host, running: RunningMachine): Promise<'forced'> {
  // QEMU ends by itself then, with all that it has written.
  kill(running.pid, 'SIGTERM');
  if (!(await endsWithin(host, running, 10_000))) {
    kill(running.pid, 'SIGKILL');
    await endsWithin(host, running, 30_000);
  }
  return 'forced';
}

async function tidy(host: Host, { places }: Machine, { sockets }: RunningMachine): Promise<void> {
  await clearSockets(host, sockets);
  host.files.remove(places.running);
}

function unheeded(name: string): AnyarchError {
  return new AnyarchError('ANYARCH_MACHINE_FAILED', `${name} did not switch itself off in time`, {
    hint: `see what it does: anyarch machine logs ${name}; end it as by pulling the plug: anyarch machine stop ${name} --force`,
    details: { name },
  });
}
