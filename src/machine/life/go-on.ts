import { setTimeout as sleep } from 'node:timers/promises';
import { isRecord } from '../../core/json.ts';
import type { Host } from '../../host/host.ts';
import { connectQmp } from '../qmp/client.ts';
import { diskTrouble } from '../readiness/guest-state.ts';
import type { RunningMachine } from '../record.ts';
import { diskStopped } from './disk-stopped.ts';
import type { Machine } from './machine.ts';
import { machineSockets } from './sockets.ts';

/** Milliseconds after which a write that was tried again has failed again. */
const retryMs = 500;

/**
 * Lets a guest go on that a killed command had stopped for a moment, to save it or its disk, or that QEMU stopped when it
 * could not write its disk. With the lock of the machine. One that was saved whole stays: what was saved would not be what
 * its disk is then.
 *
 * @throws AnyarchError ANYARCH_MACHINE_FAILED; ANYARCH_DISK_FULL when the disk still cannot be written
 */
export async function goOn({ files }: Host, machine: Machine, { sockets }: RunningMachine): Promise<void> {
  if (files.linkStatus(machine.places.state) !== undefined) return;
  const qmp = await connectQmp(machineSockets(sockets).qmp);
  try {
    const answer = await qmp.execute('query-status');
    const status = isRecord(answer) ? answer['status'] : undefined;
    if (status === 'paused' || status === 'postmigrate') await qmp.execute('cont');
    if (status !== 'io-error') return;
    await qmp.execute('cont');
    await sleep(retryMs);
    const trouble = await diskTrouble(qmp);
    if (trouble !== undefined) throw diskStopped(machine, trouble);
  } finally {
    qmp.close();
    await qmp.closed;
  }
}
