import { AnyarchError } from '../core/error.ts';
import type { Log } from '../host/host.ts';
import { throwIfCancelled } from '../host/cancellation.ts';
import { TransientFailure } from './failure.ts';
import type { HttpResponse } from './http.ts';
import { openPartialFile, type PartialFile } from './partial-file.ts';

/** A file whose content is known before it is there. */
export interface KnownFile {
  /** Where it will be. */
  readonly path: string;
  /** Directory, on the same file system, of what interrupted downloads leave. */
  readonly partial: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  /** For people. */
  readonly subject: string;
}

/** Where a known file comes from. */
export interface Source {
  /** @param from first byte wanted; 0 asks for the whole file */
  get(from: number): Promise<HttpResponse>;
  /** What an answer means that is no content. */
  refused(response: HttpResponse): Promise<Error>;
  /** What it means that the content is another one. */
  mismatch(what: string): AnyarchError;
  /** What it means that the server has a file of another size, if that means more than any other mismatch. */
  resized?(bytes: number): AnyarchError;
  retrying<T>(attempt: () => Promise<T>, progress: () => number): Promise<T>;
  /** @param received bytes so far */
  onReceived(received: number): void;
}

/**
 * Downloads a file. An interrupted download goes on where it stopped. Nothing has its path before its digest was found
 * to be right.
 *
 * @throws what the source's functions give; errors of the file system as they are; AnyarchError ANYARCH_CANCELLED
 */
export async function fetchKnownFile(
  source: Source,
  file: KnownFile,
  { log, signal }: { readonly log: Log; readonly signal: AbortSignal | undefined },
): Promise<void> {
  const part = await openPartialFile(file.partial, file.sha256);
  try {
    await complete({ source, file, part, log, signal });
    await part.finish(file.path);
  } catch (error) {
    // A part that fills the disk would keep it full; a wrong one would never become right.
    if (isFullDisk(error) || isMismatch(error) || part.size() === 0) await part.remove();
    else await part.leave();
    throw error;
  }
}

interface Download {
  readonly source: Source;
  readonly file: KnownFile;
  readonly part: PartialFile;
  readonly log: Log;
  readonly signal: AbortSignal | undefined;
}

async function complete(download: Download): Promise<void> {
  const { source, file, part, log } = download;
  const resumed = part.size() > 0;
  if (part.size() > file.size) await part.restart();
  await fill(download);
  if (part.digest() === file.sha256) return;
  if (resumed) {
    log.warn(`${file.subject}: what an interrupted download left is damaged; starting again`);
    await part.restart();
    await fill(download);
    if (part.digest() === file.sha256) return;
  }
  throw source.mismatch(`has another SHA-256 than ${file.sha256}`);
}

async function fill(download: Download): Promise<void> {
  const { source, file, part } = download;
  const attempt = async () => {
    if (part.size() < file.size) await receive(download);
  };
  await source.retrying(attempt, () => part.size());
}

async function receive({ source, file, part, signal }: Download): Promise<void> {
  const response = await source.get(part.size());
  if (response.status === 416) {
    response.discard();
    await part.restart();
    throw new TransientFailure('the server refuses to go on where the download stopped');
  }
  if (response.status !== 200 && response.status !== 206) throw await source.refused(response);
  const whole = wholeSize(response);
  if (source.resized !== undefined && whole !== undefined && whole !== file.size) {
    response.discard();
    throw source.resized(whole);
  }
  // A server that ignores the range sends everything again.
  if (response.status === 200 || !startsAt(response.headers['content-range'], part.size())) {
    const isWhole = response.status === 200;
    await part.restart();
    if (!isWhole) {
      response.discard();
      throw new TransientFailure('the server sends another part of the file than it was asked for');
    }
  }
  source.onReceived(part.size());
  for await (const chunk of response.body) {
    throwIfCancelled(signal);
    if (part.size() + chunk.length > file.size) throw source.mismatch(`is larger than ${file.size} bytes`);
    await part.append(chunk);
    source.onReceived(part.size());
  }
  if (part.size() < file.size)
    throw new TransientFailure(`the server ended after ${part.size()} of ${file.size} bytes`);
}

/** Of the file, as far as the server tells. Bytes. */
function wholeSize({ status, headers }: HttpResponse): number | undefined {
  const field = status === 206 ? headers['content-range'] : headers['content-length'];
  const said = typeof field === 'string' ? /(?:^|^bytes \d+-\d+\/)(\d+)$/.exec(field)?.[1] : undefined;
  return said === undefined ? undefined : Number(said);
}

function startsAt(range: string | string[] | undefined, offset: number): boolean {
  return typeof range === 'string' && range.startsWith(`bytes ${offset}-`);
}

function isMismatch(error: unknown): boolean {
  return error instanceof AnyarchError && error.code === 'ANYARCH_DIGEST_MISMATCH';
}

function isFullDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
