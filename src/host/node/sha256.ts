import * as fs from 'node:fs';
import { systemCall } from './system-call.ts';

/** Bytes in memory at a time. */
const chunkSize = 1 << 20;

export function sha256(path: string): string {
  // Loading node:crypto takes 3 ms, which commands that hash nothing must not pay.
  const hash = process.getBuiltinModule('node:crypto').createHash('sha256');
  return systemCall('read', path, () => {
    const descriptor = fs.openSync(path, 'r');
    try {
      const chunk = Buffer.allocUnsafe(chunkSize);
      for (;;) {
        const count = fs.readSync(descriptor, chunk);
        if (count === 0) return hash.digest('hex');
        hash.update(chunk.subarray(0, count));
      }
    } finally {
      fs.closeSync(descriptor);
    }
  });
}
