import type { Interposition } from '../../emulators/index.ts';
import type { Host } from '../../host/host.ts';
import { SystemError } from '../../host/system-error.ts';
import { readInterposition } from '../../interposer/index.ts';

/** What the emulator at a path was made from; undefined for a plain one, and where it cannot be looked at. */
export async function interpositionOf(
  { files }: Pick<Host, 'files'>,
  path: string | undefined,
): Promise<Interposition | undefined> {
  try {
    const status = path === undefined ? undefined : files.status(path);
    if (path === undefined || status?.kind !== 'file') return undefined;
    return await readInterposition({
      size: status.size,
      read: (offset, length) => files.readAt(path, offset, length),
    });
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
