import { AnyarchError } from '../core/error.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import { blobPath, hexOfDigest } from '../core/oci/digest.ts';
import { fileFailure } from '../host/file-failure.ts';
import { fetchKnownFile } from '../transfer/index.ts';
import type { RegistryHost } from './connection.ts';
import { elsewhere, partialDirectory } from './layout-writer.ts';
import { contentName } from './registry.ts';
import { hashOf, openBlob, UnfitFile } from '../image-files/index.ts';
import type { Repository } from './repository.ts';

/**
 * Brings a blob into a layout, verified, unless an intact one is there. An interrupted download goes on where it stopped.
 *
 * @param onReceived bytes of the blob so far
 */
export async function pullBlob(
  { log }: Pick<RegistryHost, 'log'>,
  repository: Repository,
  directory: string,
  { digest, size }: Descriptor,
  onReceived: (received: number) => void,
): Promise<'downloaded' | 'present'> {
  const path = `${directory}/${blobPath(digest)}`;
  const sha256 = hexOfDigest(digest);
  if (await isIntact(path, { digest, size }, repository.connection.signal)) return 'present';
  const name = contentName(repository, digest);
  const { connection } = repository;
  await fetchKnownFile(
    {
      get: (from) =>
        repository.send({
          method: 'GET',
          to: `blobs/${digest}`,
          // A compressed answer would have another length.
          headers: { 'accept-encoding': 'identity', ...(from === 0 ? {} : { range: `bytes=${from}-` }) },
        }),
      refused: (response) => repository.refused(response, `pulling ${name}`),
      mismatch: (what) =>
        new AnyarchError('ANYARCH_DIGEST_MISMATCH', `${name} ${what}: nothing of it was kept`, {
          hint: 'the registry, or a cache before it, is broken or hostile; try again later',
          details: { blob: name, digest, size },
        }),
      retrying: (attempt, progress) => connection.retrying(attempt, progress),
      onReceived,
    },
    { path, partial: partialDirectory(directory), size, sha256, subject: name },
    { log, signal: connection.signal },
  ).catch((error: unknown) => {
    throw fileFailure(error, path, elsewhere);
  });
  return 'downloaded';
}

/** Whatever else is there is replaced. */
async function isIntact(
  path: string,
  { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
  signal: AbortSignal | undefined,
): Promise<boolean> {
  const handle = await openBlob(path).catch((error: unknown) => {
    if (error instanceof UnfitFile) return undefined;
    throw error;
  });
  if (handle === undefined) return false;
  try {
    return (await handle.stat()).size === size && (await hashOf(handle, signal)) === hexOfDigest(digest);
  } finally {
    await handle.close();
  }
}
