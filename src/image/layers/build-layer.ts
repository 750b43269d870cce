import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { digestOfHex, type Digest } from '../../core/oci/digest.ts';
import { fileFailure } from '../../host/file-failure.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import { arranged } from '../content/entry.ts';
import { layerIdentity, type LayerContent } from '../content/layer.ts';
import type { CachedLayer, LayerCache } from './cache.ts';
import type { Packing } from './compression.ts';
import type { Compressor } from './compressor.ts';
import { layerMembers, tarOf } from './tar.ts';

export interface LayerWork {
  readonly cache: LayerCache;
  readonly compressor: Compressor;
  readonly packing: Packing;
  readonly signal: AbortSignal | undefined;
}

/**
 * The packed layer, from the cache or made now.
 *
 * @throws AnyarchError ANYARCH_DIGEST_MISMATCH, ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE, ANYARCH_CANCELLED
 */
export async function buildLayer(
  content: LayerContent,
  { cache, compressor, packing, signal }: LayerWork,
): Promise<CachedLayer & { readonly cached: boolean }> {
  throwIfCancelled(signal);
  const identity = layerIdentity(content);
  const known = await cache.find(identity, packing);
  if (known !== undefined) return { ...known, cached: true };
  const [plain, packed] = [cache.temporary(), cache.temporary()];
  try {
    const { diffId, unpackedSize } = await writeTar(content, plain, signal);
    const { digest, size } = await compressor.compress({ input: plain, output: packed, packing });
    const layer = await cache.add(identity, packing, packed, { digest, size, diffId, unpackedSize });
    return { ...layer, cached: false };
  } catch (error) {
    throw fileFailure(error, packed);
  } finally {
    for (const path of [plain, packed]) await rm(path, { force: true });
  }
}

async function writeTar(
  content: LayerContent,
  path: string,
  signal: AbortSignal | undefined,
): Promise<{ diffId: Digest; unpackedSize: number }> {
  const hash = createHash('sha256');
  let unpackedSize = 0;
  const handle = await open(path, 'wx');
  try {
    for await (const chunk of tarOf(layerMembers(arranged(content.entries)))) {
      throwIfCancelled(signal);
      hash.update(chunk);
      unpackedSize += chunk.length;
      await handle.writeFile(chunk);
    }
  } finally {
    await handle.close();
  }
  return { diffId: digestOfHex(hash.digest('hex')), unpackedSize };
}
