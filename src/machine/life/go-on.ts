import { setTimeout as sleep } from 'node:timers/promises';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { connectQmp, type Qmp } from '../qmp/client.ts';
import { diskTrouble, type GuestState } from '../readiness/guest-state.ts';
import type { RunningMachine } from '../record.ts';
import { settle } from '../state/settle.ts';
import { diskStopped } from './disk-stopped.ts';
import type { Machine } from './machine.ts';
import { machineSockets } from './sockets.ts';

/** Milliseconds after which a write that was tried again has failed again. */
const retryMs = 500;

/**
 * Lets a guest go on that a killed command had stopped for a moment, to save it or its disk, or that QEMU stopped when it
 * could not write its disk. With the lock of the machine.
 *
 * @returns false where it has not begun to go on from its state, because its start was killed: QEMU is to be ended
 * @throws AnyarchError ANYARCH_MACHINE_FAILED; ANYARCH_DISK_FULL when the disk still cannot be written
 */
export async function goOn(host: Host, machine: Machine, { sockets }: RunningMachine): Promise<boolean> {
  const qmp = await connectQmp(machineSockets(sockets).qmp);
  try {
    if (!(await settle(host, machine.places, qmp))) return false;
    const trouble = await retryDisk(qmp);
    if (trouble !== undefined) throw diskStopped(machine, trouble);
    return true;
  } finally {
    await closed(qmp);
  }
}

/**
 * Has QEMU try a write again that it stopped the guest for.
 *
 * @returns why the guest still stands, where it does
 * @throws AnyarchError ANYARCH_MACHINE_FAILED
 */
export async function retryDisk(qmp: Pick<Qmp, 'execute'>): Promise<GuestState['stoppedBy']> {
  if ((await diskTrouble(qmp)) === undefined) return undefined;
  await qmp.execute('cont');
  await sleep(retryMs);
  return await diskTrouble(qmp);
}

/**
 * A connection to the QEMU of a machine whose guest runs, whatever a killed command left of it. With the lock of the machine.
 *
 * @throws AnyarchError ANYARCH_MACHINE_FAILED, ANYARCH_CANCELLED
 */
export async function connectSettled(
  host: Pick<Host, 'files'>,
  { record: { name }, places }: Machine,
  { sockets }: RunningMachine,
  signal: AbortSignal,
): Promise<Qmp> {
  const qmp = await connectQmp(machineSockets(sockets).qmp, { signal });
  try {
    if (await settle(host, places, qmp)) return qmp;
    throw new AnyarchError(
      'ANYARCH_MACHINE_FAILED',
      `the start of ${name} was killed before its guest went on`,
      {
        hint: `let it go on: anyarch machine start ${name}`,
        details: { name },
      },
    );
  } catch (error) {
    await closed(qmp);
    throw error;
  }
}

async function closed(qmp: Qmp): Promise<void> {
  qmp.close();
  await qmp.closed;
}
