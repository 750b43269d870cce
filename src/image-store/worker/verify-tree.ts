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
  process.chdir(`${image}/${names.tree}`);
  const now = walkTree({
    digest: sha256Of,
    xattrs: (files) =>
      readXattrs(
        launch,
        files.flatMap(({ path }) => (attributed.get(path) ?? []).map((name) => ({ path, name }))),
      ),
  });
  return await compareListings(readListing(listing, sha256), now);
}
