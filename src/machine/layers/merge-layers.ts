import { open, statfs } from 'node:fs/promises';
import { posix } from 'node:path';
import { AnyarchError } from '../../core/error.ts';
import type { Programs } from '../../debian-programs/index.ts';
import { fileFailure } from '../../host/file-failure.ts';
import type { Files } from '../../host/files.ts';
import { runTool } from '../disk/run-tool.ts';
import { backingFile } from './backing-file.ts';
import { layerBytes } from './layer-bytes.ts';
import type { LayerMerge } from './plan-merges.ts';

type Reading = Pick<Files, 'readAt' | 'status'>;

/**
 * Has a layer take over what is read through it from those below. What is read from it is the same at each moment, whatever ends
 * this or the host meanwhile: it lies over the others until it has all of theirs. Those are left for `collectLayers`.
 *
 * @param programs with qemu-img
 * @returns false where another process has the layer open: then nothing has changed
 * @throws AnyarchError ANYARCH_DISK_FULL, ANYARCH_DISK_INVALID, ANYARCH_FILE, ANYARCH_PERMISSION, ANYARCH_CANCELLED: nothing is lost, and what was copied so far
 *   stays in the layer for the next time
 */
export async function mergeLayers(
  files: Reading,
  programs: Pick<Programs, 'command' | 'environment'>,
  merge: LayerMerge,
  signal?: AbortSignal,
): Promise<boolean> {
  const { path, backing } = merge;
  const failure = await spaceFailure(files, merge);
  if (failure !== undefined) throw failure;
  try {
    await runTool(programs, 'qemu-img', rebaseWords(merge), { signal });
  } catch (error) {
    if (isInUse(error)) return false;
    throw error;
  }
  if (backingFile(files, path) !== backing.file)
    throw new AnyarchError('ANYARCH_DISK_INVALID', `${path} does not lie over ${backing.file}`, {
      hint: 'its content is as it was; look at it with qemu-img info',
      details: { path },
    });
  // qemu-img ends well also where the last thing it wrote did not reach the disk.
  await synced(path);
  return true;
}

async function synced(path: string): Promise<void> {
  try {
    const file = await open(path, 'r+');
    try {
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw fileFailure(error, path);
  }
}

/**
 * With write-through, each table is in the file before the header leads past the old layers. By default (10.0.13) the header is
 * written first and the tables when the program ends: killed in between, it loses all that it copied.
 *
 * What was zeroed takes no space in a layer, and would be written out as zeros otherwise.
 */
function rebaseWords({ path, backing }: LayerMerge): string[] {
  const file = path.replaceAll(',', ',,');
  const image = `driver=qcow2,file.driver=file,file.filename=${file},detect-zeroes=on`;
  return [
    'rebase',
    '-q',
    ...['-t', 'writethrough'],
    ...['-F', backing.format, '-b', backing.file],
    '--image-opts',
    image,
  ];
}

function isInUse(error: unknown): boolean {
  return error instanceof AnyarchError && /Failed to get .* lock/.test(String(error.details['said']));
}

/** What is copied for nothing would take the last space of others until the next time. */
export async function spaceFailure(
  files: Reading,
  { path, layers }: LayerMerge,
): Promise<AnyarchError | undefined> {
  const { bavail, bsize } = await statfs(posix.dirname(path));
  // Tables take 1/8192.
  const needed = takenBytes(files, layers) + layerBytes(files, path) / 8192 + (1 << 20);
  if (bavail * bsize >= needed) return undefined;
  return new AnyarchError(
    'ANYARCH_DISK_FULL',
    `merging ${layers.length === 1 ? 'a layer' : 'layers'} into ${path} can take ${Math.ceil(needed / 1e6)} MB meanwhile, and ${Math.floor((bavail * bsize) / 1e6)} MB are free`,
    { hint: 'free some space and try again; nothing has changed', details: { path, needed } },
  );
}

/** On the host. */
export function takenBytes(files: Pick<Files, 'status'>, paths: readonly string[]): number {
  return paths.reduce((sum, path) => {
    const status = files.status(path);
    return sum + (status?.allocatedBytes ?? status?.size ?? 0);
  }, 0);
}
