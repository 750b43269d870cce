import * as fs from 'node:fs';

/**
 * A new file that is on the disk, with its mode, when this returns.
 *
 * @throws the error of node:fs, EEXIST where there is one
 */
export function writeDurably(path: string, data: Uint8Array, mode: number): void {
  const descriptor = fs.openSync(path, 'wx', 0o600);
  try {
    fs.writeFileSync(descriptor, data);
    // After the open, because the umask takes bits away there.
    fs.fchmodSync(descriptor, mode);
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/**
 * Without it a power cut can undo a rename.
 *
 * @throws the error of node:fs
 */
export function syncDirectory(path: string): void {
  const descriptor = fs.openSync(path, 'r');
  try {
    fs.fsyncSync(descriptor);
  } catch (error) {
    // FUSE, 9p and others have no fsync for directories.
    if (!['EINVAL', 'ENOTSUP', 'ENOSYS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  } finally {
    fs.closeSync(descriptor);
  }
}
