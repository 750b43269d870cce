import { createHash } from 'node:crypto';
import { readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hexOfDigest, isDigest, type Digest } from '../../core/oci/digest.ts';
import { makeDirectories } from '../../host/node/make-directories.ts';
import { digestOf, isAbandoned, ownToken } from '../../store/index.ts';
import type { Packing } from './compression.ts';

/** A packed layer on this machine's disk. */
export interface CachedLayer {
  readonly file: string;
  /** Of the packed bytes. */
  readonly digest: Digest;
  readonly size: number;
  /** Of the tar. */
  readonly diffId: Digest;
  readonly unpackedSize: number;
}

export interface LayerCache {
  find(identity: string, packing: Packing): Promise<CachedLayer | undefined>;
  /** A file for work in progress; whoever made it removes it. */
  temporary(): string;
  /** Takes a complete packed file, which is moved away. */
  add(
    identity: string,
    packing: Packing,
    file: string,
    facts: Omit<CachedLayer, 'file'>,
  ): Promise<CachedLayer>;
}

/** Layers that no build used in so long belong to superseded emulators. */
const maximumAgeMs = 60 * 24 * 3_600_000;

/**
 * Packed layers by what they are made of and how. All of it can be deleted at any time; what was damaged is made anew.
 *
 * @param directory `layers` below the cache
 */
export async function openLayerCache(directory: string): Promise<LayerCache> {
  const [records, blobs, temporaries] = ['records', 'blobs', 'temporary'].map((name) =>
    join(directory, name),
  ) as [string, string, string];
  for (const path of [records, blobs, temporaries]) makeDirectories(path);
  await prune([records, blobs], temporaries);
  let count = 0;
  const recordFile = (identity: string, packing: Packing) =>
    join(records, `${createHash('sha256').update(identity).digest('hex')}.${packing.id}.json`);
  const blobFile = (digest: Digest) => join(blobs, hexOfDigest(digest));
  const temporary = () => join(temporaries, `${ownToken()}.${count++}`);
  return {
    temporary,
    find: async (identity, packing) => {
      const path = recordFile(identity, packing);
      const facts = parseRecord(await readFile(path, 'utf8').catch(() => ''));
      if (facts === undefined) return undefined;
      const file = blobFile(facts.digest);
      if ((await digestOf(file)) !== hexOfDigest(facts.digest)) return undefined;
      const now = new Date();
      for (const used of [path, file]) await utimes(used, now, now).catch(() => undefined);
      return { ...facts, file };
    },
    add: async (identity, packing, file, facts) => {
      const path = blobFile(facts.digest);
      await rename(file, path);
      const record = temporary();
      const { digest, size, diffId, unpackedSize } = facts;
      await writeFile(record, JSON.stringify({ digest, size, diffId, unpackedSize }), { flag: 'wx' });
      await rename(record, recordFile(identity, packing));
      return { ...facts, file: path };
    },
  };
}

function parseRecord(text: string): Omit<CachedLayer, 'file'> | undefined {
  try {
    const { digest, size, diffId, unpackedSize } = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const areSizes = typeof size === 'number' && typeof unpackedSize === 'number';
    return isDigest(digest) && isDigest(diffId) && areSizes
      ? { digest, size, diffId, unpackedSize }
      : undefined;
  } catch {
    // Empty, cut off or somebody else's: as if there were none.
    return undefined;
  }
}

async function prune(directories: readonly string[], temporaries: string): Promise<void> {
  const outdated = (path: string, modifiedMs: number) =>
    path.startsWith(temporaries)
      ? isAbandoned(path.slice(temporaries.length + 1).split('.')[0] ?? '', modifiedMs)
      : Date.now() - modifiedMs > maximumAgeMs;
  for (const directory of [...directories, temporaries]) {
    for (const name of await readdir(directory)) {
      const path = join(directory, name);
      const status = await stat(path).catch(() => undefined);
      if (status !== undefined && outdated(path, status.mtimeMs)) await rm(path, { force: true });
    }
  }
}
