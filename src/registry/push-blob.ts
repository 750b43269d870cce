import { AnyarchError } from '../core/error.ts';
import { throwIfCancelled } from '../host/cancellation.ts';
import { TransientFailure, type HttpResponse } from '../transfer/index.ts';
import { TransientAnswer } from './answer.ts';
import { drain } from './body.ts';
import { headerValue } from './challenge.ts';
import { openLocalBlob, type BlobFile, type LocalBlob } from './local-blob.ts';
import { contentName } from './registry.ts';
import type { Repository } from './repository.ts';
import { askOffset, commit, LostSession, sendChunk, WrongContent, type Upload } from './upload-session.ts';

export interface PushBlobOptions {
  /** Repositories of the same registry that may have the blob. */
  readonly mountFrom: readonly string[];
  /** Larger blobs are sent in chunks of so many bytes. */
  readonly chunkBytes: number;
  /** @param sent bytes of the blob so far */
  readonly onSent: (sent: number) => void;
}

/** How a blob came into a repository. */
export type BlobOutcome = 'present' | 'mounted' | 'uploaded';

/**
 * Brings a blob into a repository: it may be there, another repository may lend it, else it is uploaded. What a closed
 * connection has interrupted goes on where the registry says, or anew when the registry has forgotten it.
 *
 * @throws AnyarchError ANYARCH_REGISTRY_…, ANYARCH_IMAGE_INVALID, ANYARCH_DIGEST_MISMATCH
 */
export async function pushBlob(
  repository: Repository,
  file: BlobFile,
  options: PushBlobOptions,
): Promise<BlobOutcome> {
  const blob = await openLocalBlob(file);
  try {
    return await pushOpened(repository, blob, options);
  } finally {
    await blob.close();
  }
}

async function pushOpened(
  repository: Repository,
  blob: LocalBlob,
  options: PushBlobOptions,
): Promise<BlobOutcome> {
  const { connection } = repository;
  let upload: Upload | undefined;
  let isInterrupted = false;
  let wasResumed = false;
  let furthest = 0;
  try {
    return await connection.retrying(
      async () => {
        // What seemed to fail may have been done.
        if (await hasBlob(repository, blob)) return isInterrupted ? 'uploaded' : 'present';
        if (upload !== undefined) await resume(upload);
        if (upload === undefined) {
          if (await mount(repository, blob, options.mountFrom)) return 'mounted';
          // Nothing of a file that is something else than the blob leaves this machine.
          await blob.verify(connection.signal);
          upload = await begin(repository, blob, options);
        }
        isInterrupted = true;
        try {
          await send(upload, options.chunkBytes, () => {
            furthest = Math.max(furthest, upload?.offset ?? 0);
          });
        } catch (error) {
          if (error instanceof LostSession) upload = undefined;
          if (!(error instanceof WrongContent && wasResumed)) throw error;
          // Registries have been seen to lose count; from its beginning it is unmistakable.
          upload = undefined;
          wasResumed = false;
          throw new TransientFailure(error.message, { cause: error });
        }
        return 'uploaded';
      },
      () => furthest,
    );
  } catch (error) {
    throw error instanceof WrongContent ? await wrongContent(repository, blob, error) : error;
  }

  async function resume(begun: Upload): Promise<void> {
    try {
      await askOffset(begun);
      wasResumed = true;
      furthest = Math.max(furthest, begun.offset);
    } catch (error) {
      if (!(error instanceof LostSession)) throw error;
      upload = undefined;
    }
  }
}

async function send(upload: Upload, chunkBytes: number, onProgress: () => void): Promise<void> {
  const { size } = upload.blob.descriptor;
  const chunk = Math.max(chunkBytes, upload.minimumChunk);
  // The rest of a small one goes with the request that ends the upload.
  while (size - upload.offset > 0 && size > chunk) {
    await sendChunk(upload, Math.min(upload.offset + chunk, size));
    onProgress();
  }
  await commit(upload);
  upload.onSent(size);
}

async function hasBlob(repository: Repository, { descriptor: { digest } }: LocalBlob): Promise<boolean> {
  const response = await repository.send({ method: 'HEAD', to: `blobs/${digest}` });
  if (response.status !== 200 && response.status !== 404)
    throw await repository.refused(response, `looking for ${contentName(repository, digest)}`);
  await drain(response);
  return response.status === 200;
}

/** Whether another repository has lent it. All that may go wrong is that the blob is sent instead. */
async function mount(
  repository: Repository,
  { descriptor: { digest } }: LocalBlob,
  lenders: readonly string[],
): Promise<boolean> {
  for (const source of lenders) {
    const isLent = await optionally(repository, async () => {
      const response = await repository.send({
        method: 'POST',
        to: `blobs/uploads/?mount=${encodeURIComponent(digest)}&from=${encodeURIComponent(source)}`,
        headers: { 'content-length': '0' },
        readsFrom: [source],
      });
      await drain(response);
      // A registry that cannot lend it has begun an upload instead, or says nothing useful: the next one may have it.
      if (response.status === 202) await optionally(repository, () => abandon(repository, response));
      return response.status === 201;
    });
    if (isLent === true) return true;
  }
  return false;
}

/** Registries also clean up by themselves, so that this may fail. */
async function abandon(repository: Repository, response: HttpResponse): Promise<void> {
  await drain(await repository.send({ method: 'DELETE', to: await repository.location(response) }));
}

/** Undefined for what a registry, or its token server, refuses. */
async function optionally<T>({ connection }: Repository, action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action();
  } catch (error) {
    throwIfCancelled(connection.signal);
    if (error instanceof AnyarchError || error instanceof TransientAnswer) return undefined;
    throw error;
  }
}

async function begin(repository: Repository, blob: LocalBlob, { onSent }: PushBlobOptions): Promise<Upload> {
  const response = await repository.send({
    method: 'POST',
    to: 'blobs/uploads/',
    headers: { 'content-length': '0' },
  });
  if (response.status !== 202)
    throw await repository.refused(response, `pushing ${contentName(repository, blob.descriptor.digest)}`);
  const minimumChunk = Number(headerValue(response.headers['oci-chunk-min-length']) ?? 0);
  const location = await repository.location(response);
  await drain(response);
  return { repository, blob, location, offset: 0, minimumChunk: minimumChunk || 0, onSent };
}

/** What was sent was compared with its digest before, but files change. */
async function wrongContent(repository: Repository, blob: LocalBlob, cause: Error): Promise<Error> {
  await blob.verify(repository.connection.signal);
  return new AnyarchError('ANYARCH_REGISTRY_FAILED', cause.message, {
    hint: 'what was sent is right: the connection or the registry has changed it; run it again',
    details: { registry: repository.connection.registry, digest: blob.descriptor.digest },
    cause,
  });
}
