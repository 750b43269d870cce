import { ignoring } from '../system-error.ts';
import { systemCall } from './system-call.ts';

/** Removes a file, a link or a directory with all that is in it. */
export function removeTree(path: string): void {
  if (kernel.linkStatus(path).kind !== 'directory') {
    kernel.unlink(path);
    return;
  }
  for (const name of kernel.list(path)) {
    const child = `${path}/${name}`;
    // Somebody else may have removed it in the meantime.
    ignoring(['ENOENT'], () => {
      systemCall('unlink', child, () => {
        removeTree(child);
      });
    });
  }
  kernel.removeDirectory(path);
}
