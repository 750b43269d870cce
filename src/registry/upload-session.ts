import { Readable } from 'node:stream';
import { AnyarchError } from '../core/error.ts';
import type { HttpResponse } from '../transfer/index.ts';
import { TransientAnswer } from './answer.ts';
import { drain } from './body.ts';
import { headerValue } from './challenge.ts';
import type { LocalBlob } from './local-blob.ts';
import { contentName } from './registry.ts';
import type { Repository } from './repository.ts';

/** What is being sent, and how far it is. */
export interface Upload {
  readonly repository: Repository;
  readonly blob: LocalBlob;
  /** Where the registry wants to go on. */
  location: string;
  /** Bytes that the registry has. */
  offset: number;
  /** The smallest chunk that the registry takes, in bytes. */
  readonly minimumChunk: number;
  /** @param sent bytes of the blob so far */
  readonly onSent: (sent: number) => void;
}

/** The registry has forgotten it: it begins anew. */
export class LostSession extends TransientAnswer {}

/** The registry has put together something else than the blob. */
export class WrongContent extends Error {}

/** Hashing what has arrived may take a registry a while: milliseconds. */
const commitStallMs = 300_000;
const octets = { 'content-type': 'application/octet-stream' } as const;

/**
 * Sends the bytes from the upload's offset up to `end` (exclusive) as one chunk.
 *
 * @throws LostSession, also where the registry says that it has nothing of it, or more than all
 */
export async function sendChunk(upload: Upload, end: number): Promise<void> {
  const { repository, offset } = upload;
  const response = await repository.send({
    method: 'PATCH',
    to: upload.location,
    headers: { ...octets, 'content-length': String(end - offset), 'content-range': `${offset}-${end - 1}` },
    body: () => contentOf(upload, offset, end),
  });
  if (response.status !== 202 && response.status !== 201 && response.status !== 204)
    throw await refused(upload, response);
  const has = offsetOf(response) ?? end;
  if (has <= offset || has > end) throw await outOfStep(upload, response, has);
  upload.location = await repository.location(response);
  upload.offset = has;
  await drain(response);
}

/** Asks where to go on. @throws LostSession */
export async function askOffset(upload: Upload): Promise<void> {
  const response = await upload.repository.send({ method: 'GET', to: upload.location });
  if (response.status !== 204 && response.status !== 200 && response.status !== 202)
    throw await refused(upload, response);
  const has = offsetOf(response) ?? 0;
  if (has > upload.blob.descriptor.size) throw await outOfStep(upload, response, has);
  if (response.headers['location'] !== undefined)
    upload.location = await upload.repository.location(response);
  upload.offset = has;
  await drain(response);
}

/** Ends the upload, with the bytes that are missing. */
export async function commit(upload: Upload): Promise<void> {
  const { repository, offset, blob } = upload;
  const { size, digest } = blob.descriptor;
  const url = new URL(upload.location);
  url.searchParams.set('digest', digest);
  const response = await repository.send({
    method: 'PUT',
    to: url.href,
    headers: {
      ...octets,
      'content-length': String(size - offset),
      ...(offset > 0 && offset < size ? { 'content-range': `${offset}-${size - 1}` } : {}),
    },
    body: size === offset ? undefined : () => contentOf(upload, offset, size),
    stallMs: commitStallMs,
  });
  if (response.status !== 201 && response.status !== 204 && response.status !== 202)
    throw await refused(upload, response);
  await drain(response);
}

function contentOf({ blob, onSent }: Upload, start: number, end: number): Readable {
  async function* counted() {
    let sent = start;
    for await (const piece of blob.read(start, end)) {
      yield piece;
      sent += piece.length;
      onSent(sent);
    }
  }
  return Readable.from(counted(), { objectMode: false, highWaterMark: 1 << 16 });
}

/** What a registry says that it has is believed within reason only: what follows is counted from there. */
async function outOfStep(
  { repository, blob, offset }: Upload,
  response: HttpResponse,
  has: number,
): Promise<LostSession> {
  await drain(response);
  const { registry } = repository.connection;
  const { digest, size } = blob.descriptor;
  const error = new AnyarchError(
    'ANYARCH_REGISTRY_FAILED',
    `pushing ${contentName(repository, digest)}: ${registry} says that it has ${has} bytes of ${size}, and before it had ${offset}`,
    {
      hint: 'it does not keep to the protocol (Range): another version of it may',
      details: { registry, digest, size },
    },
  );
  return new LostSession(error, undefined);
}

async function refused({ repository, blob }: Upload, response: HttpResponse): Promise<Error> {
  const { status } = response;
  const error = await repository.refused(
    response,
    `pushing ${contentName(repository, blob.descriptor.digest)}`,
  );
  const said = error.message;
  if (status === 400 && said.includes('DIGEST_INVALID')) return new WrongContent(said, { cause: error });
  // 416: out of step. The other two: unknown to the registry, after a restart of its own or because it could not cope.
  const isLost = [400, 404, 416].includes(status) && error instanceof AnyarchError;
  return isLost ? new LostSession(error, undefined) : error;
}

/**
 * Of `Range: 0-1023`. An empty upload is `0-0` for most registries, and nobody sends a single byte: undefined where the
 * field is missing.
 */
function offsetOf(response: HttpResponse): number | undefined {
  const match = /^(?:bytes=)?0-(\d+)$/.exec(headerValue(response.headers['range']) ?? '');
  const last = Number(match?.[1] ?? -1);
  return match === null ? undefined : last === 0 ? 0 : last + 1;
}
