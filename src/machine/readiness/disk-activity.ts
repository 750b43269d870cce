import { isRecord } from '../../core/json.ts';
import { AnyarchError } from '../../core/error.ts';
import { connectQmp } from '../qmp/client.ts';

/**
 * How much the guest has done to its disks so far; undefined when QEMU does not say (another command talks to it).
 *
 * @param path QEMU's control socket
 */
export async function diskActivity(path: string): Promise<number | undefined> {
  try {
    const qmp = await connectQmp(path, { timeoutMs: 2_000 });
    try {
      return sumOf(await qmp.execute('query-blockstats', undefined, { timeoutMs: 5_000 }));
    } finally {
      qmp.close();
      await qmp.closed;
    }
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}

function sumOf(answer: unknown): number {
  if (!Array.isArray(answer)) return 0;
  return answer.reduce((sum: number, device: unknown) => {
    const stats = isRecord(device) && isRecord(device['stats']) ? device['stats'] : {};
    const numbers = ['rd_operations', 'wr_operations', 'flush_operations'].map((name) => stats[name]);
    return sum + numbers.reduce((all: number, one) => all + (typeof one === 'number' ? one : 0), 0);
  }, 0);
}
