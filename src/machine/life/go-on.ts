import { isRecord } from '../../core/json.ts';
import type { Host } from '../../host/host.ts';
import { connectQmp } from '../qmp/client.ts';
import type { RunningMachine } from '../record.ts';
import type { Machine } from './machine.ts';
import { machineSockets } from './sockets.ts';

/**
 * Lets a guest go on that a killed command had stopped for a moment, to save it or its disk. With the lock of the machine.
 * One that was saved whole stays: what was saved would not be what its disk is then.
 *
 * @throws AnyarchError ANYARCH_MACHINE_FAILED
 */
export async function goOn({ files }: Host, { places }: Machine, { sockets }: RunningMachine): Promise<void> {
  if (files.linkStatus(places.state) !== undefined) return;
  const qmp = await connectQmp(machineSockets(sockets).qmp);
  try {
    const answer = await qmp.execute('query-status');
    const status = isRecord(answer) ? answer['status'] : undefined;
    if (status === 'paused' || status === 'postmigrate') await qmp.execute('cont');
  } finally {
    qmp.close();
    await qmp.closed;
  }
}
