import { AnyarchError } from '../../core/error.ts';
import { compareListings } from '../listing/compare.ts';
import type { Comparison } from '../listing/compare.ts';
import { readListing } from '../listing/file.ts';
import { readXattrs } from '../listing/read-xattrs.ts';
import { sha256Of, walkTree } from '../listing/walk.ts';
import type { Launch } from './launcher.ts';
import { names } from './protocol.ts';
import type { Request } from './protocol.ts';

/** Compares a tree with what was unpacked, every byte of it. */
export async function verifyTree(
  { image, sha256 }: Extract<Request, { task: 'verify' }>,
  launch: Launch,
): Promise<Comparison> {
  const listing = `${image}/${names.listing}`;
  const attributed = new Map<string, readonly string[]>();
  for await (const { path, xattrs } of readListing(listing, sha256)) {
    const wanted = Object.keys(xattrs);
    if (wanted.length > 0) attributed.set(path, wanted);
  }
  enter(`${image}/${names.tree}`);
  const now = walkTree({
    digest: sha256Of,
    xattrs: (files) =>
      readXattrs(
        launch,
        files.flatMap(({ path }) => (attributed.get(path) ?? []).map((name) => ({ path, name }))),
      ),
  });
  try {
    return await compareListings(readListing(listing, sha256), now);
  } catch (error) {
    throw unreadable(error, image);
  }
}

function enter(tree: string): void {
  try {
    process.chdir(tree);
  } catch (error) {
    throw unreadable(error, tree);
  }
}

function unreadable(error: unknown, path: string): unknown {
  if (!(error instanceof Error) || error instanceof AnyarchError || !('syscall' in error)) return error;
  // The small programs that read extended attributes are written first.
  if (['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '')) return error;
  return new AnyarchError('ANYARCH_FILE', `${path} cannot be read: ${error.message}`, {
    hint: 'look at the file system that it is on, or remove the image: anyarch image remove IMAGE',
    cause: error,
  });
}
