import { followInside } from '../../host/follow-inside.ts';
import type { Host } from '../../host/host.ts';
import { SystemError } from '../../host/system-error.ts';

/** Bytes; dpkg's record of a full desktop has 10 MB. */
const largest = 64 << 20;

/** A file of a guest, its links taken as the guest takes them; undefined where it is not, or cannot be read. */
export function readInside(files: Host['files'], root: string, path: string): Uint8Array | undefined {
  const found = resolveInside(files, root, path);
  try {
    const status = found === undefined ? undefined : files.status(found);
    if (found === undefined || status?.kind !== 'file' || status.size > largest) return undefined;
    return files.read(found);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

/** Where it is on the host. */
export function resolveInside(files: Host['files'], root: string, path: string): string | undefined {
  try {
    return followInside(files, root, path);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
