import { AnyarchError } from '../../core/error.ts';
import { isRecord } from '../../core/json.ts';
import { connectQmp, type Qmp } from '../qmp/client.ts';

/** How a guest does, as QEMU sees it. */
export interface GuestState {
  /** How much it has done to its disks so far. */
  readonly diskOperations: number;
  /** Why QEMU stopped it when it wrote to its disk: the host has no space left, or something else went wrong. */
  readonly stoppedBy?: 'no-space' | 'disk-error';
}

/**
 * Undefined when QEMU does not say (another command talks to it).
 *
 * @param path QEMU's control socket
 */
export async function guestState(path: string): Promise<GuestState | undefined> {
  try {
    const qmp = await connectQmp(path, { timeoutMs: 2_000 });
    try {
      const stoppedBy = await diskTrouble(qmp);
      const statistics = await qmp.execute('query-blockstats', undefined, { timeoutMs: 5_000 });
      return { diskOperations: sumOf(statistics), ...(stoppedBy === undefined ? {} : { stoppedBy }) };
    } finally {
      qmp.close();
      await qmp.closed;
    }
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}

/**
 * Whether QEMU stopped the guest because it could not write to a disk; the guest has not seen the error, and goes on where it
 * was (`cont`) when there is space again.
 *
 * @throws AnyarchError ANYARCH_MACHINE_FAILED
 */
export async function diskTrouble(qmp: Pick<Qmp, 'execute'>): Promise<GuestState['stoppedBy']> {
  const answer = await qmp.execute('query-status', undefined, { timeoutMs: 5_000 });
  if (!isRecord(answer) || answer['status'] !== 'io-error') return undefined;
  const devices = await qmp.execute('query-block', undefined, { timeoutMs: 5_000 });
  const isFull =
    Array.isArray(devices) &&
    devices.some((device: unknown) => isRecord(device) && device['io-status'] === 'nospace');
  return isFull ? 'no-space' : 'disk-error';
}

function sumOf(answer: unknown): number {
  if (!Array.isArray(answer)) return 0;
  return answer.reduce((sum: number, device: unknown) => {
    const stats = isRecord(device) && isRecord(device['stats']) ? device['stats'] : {};
    const numbers = ['rd_operations', 'wr_operations', 'flush_operations'].map((name) => stats[name]);
    return sum + numbers.reduce((all: number, one) => all + (typeof one === 'number' ? one : 0), 0);
  }, 0);
}
