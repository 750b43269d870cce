import * as fs from 'node:fs';
import { systemCall } from './system-call.ts';

/** `O_PATH`, which Node does not export; the same value on every architecture that Node runs on. */
const O_PATH = 0o10000000;

/**
 * statfs(2) by path triggers an autofs, and so does stat(2) as Node calls it; opening with O_PATH does not, if
 * O_DIRECTORY is left out (Linux 6.18; test/kernel/host-autofs.test.ts).
 */
export function fileSystemType(path: string): number {
  return systemCall('statfs', path, () => {
    const descriptor = fs.openSync(path, O_PATH);
    try {
      return fs.statfsSync(`/proc/self/fd/${descriptor}`).type;
    } finally {
      fs.closeSync(descriptor);
    }
  });
}
