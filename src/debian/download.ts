import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { AnyarchError } from '../core/error.ts';
import type { Log } from '../host/host.ts';
import { fileFailure } from '../host/file-failure.ts';
import { digestOf } from '../store/index.ts';
import {
  type Http,
  type OnProgress,
  type PartialFile,
  TransientFailure,
  openPartialFile,
  shown,
  throwIfCancelled,
} from '../transfer/index.ts';
import { retrying, unexpectedStatus } from './retry.ts';

export interface Downloader {
  readonly http: Http;
  readonly log: Log;
  /** Directory of files named by their SHA-256. */
  readonly cache: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly firstDelayMs?: number | undefined;
}

/** A file whose content is known before it is there. */
export interface KnownFile {
  readonly url: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  /** Shown with the progress. */
  readonly subject: string;
}

/**
 * The path of a file in the cache, downloaded if need be. An interrupted download goes on where it stopped. Nothing
 * has this path before its digest was found to be right.
 *
 * @throws AnyarchError ANYARCH_DOWNLOAD_FAILED, ANYARCH_DIGEST_MISMATCH, ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_CANCELLED
 */
export async function download(downloader: Downloader, file: KnownFile): Promise<string> {
  const path = join(downloader.cache, file.sha256);
  if ((await digestOf(path)) === file.sha256) {
    // The age since the last use is what the cache is pruned by.
    await utimes(path, new Date(), new Date()).catch(() => undefined);
    return path;
  }
  const part = await openPartialFile(downloader.cache, file.sha256).catch((error: unknown) => {
    throw fileFailure(error, downloader.cache);
  });
  try {
    await complete(downloader, file, part);
    await part.finish(path);
    return path;
  } catch (error) {
    const failure = fileFailure(error, path);
    // A part that fills the disk would keep it full; a wrong one would never become right.
    const isUseless =
      failure instanceof AnyarchError &&
      ['ANYARCH_DISK_FULL', 'ANYARCH_DIGEST_MISMATCH'].includes(failure.code);
    if (isUseless || part.size() === 0) await part.remove();
    else await part.leave();
    throw failure;
  }
}

/** A small file whose digest nobody knows, such as a signed one. At most `maximumBytes`. */
export async function downloadSmall(
  downloader: Downloader,
  url: string,
  maximumBytes: number,
): Promise<Uint8Array> {
  const attempt = async () => {
    const response = await downloader.http.get(url, 0, downloader.signal);
    if (response.status !== 200) {
      response.discard();
      throw unexpectedStatus(url, response.status);
    }
    const chunks: Uint8Array[] = [];
    let size = 0;
    for await (const chunk of response.body) {
      size += chunk.length;
      if (size > maximumBytes) {
        throw new AnyarchError(
          'ANYARCH_DOWNLOAD_FAILED',
          `${shown(url)} is larger than ${maximumBytes} bytes`,
          { details: { url: shown(url) } },
        );
      }
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  };
  return await retrying(downloader, url, attempt, () => 0);
}

async function complete(downloader: Downloader, file: KnownFile, part: PartialFile): Promise<void> {
  const resumed = part.size() > 0;
  if (part.size() > file.size) await part.restart();
  await fill(downloader, file, part);
  if (part.digest() === file.sha256) return;
  if (resumed) {
    downloader.log.warn(`${file.subject}: what an interrupted download left is damaged; starting again`);
    await part.restart();
    await fill(downloader, file, part);
    if (part.digest() === file.sha256) return;
  }
  throw mismatch(file, `has another SHA-256 than ${file.sha256}`);
}

async function fill(downloader: Downloader, file: KnownFile, part: PartialFile): Promise<void> {
  const attempt = async () => {
    if (part.size() < file.size) await receive(downloader, file, part);
  };
  await retrying(downloader, file.url, attempt, () => part.size());
}

async function receive(
  { http, signal, onProgress }: Downloader,
  file: KnownFile,
  part: PartialFile,
): Promise<void> {
  const response = await http.get(file.url, part.size(), signal);
  if (response.status === 416) {
    response.discard();
    await part.restart();
    throw new TransientFailure('the server refuses to go on where the download stopped');
  }
  if (response.status !== 200 && response.status !== 206) {
    response.discard();
    throw unexpectedStatus(file.url, response.status);
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
  onProgress?.({ phase: 'download', subject: file.subject, received: part.size(), total: file.size });
  for await (const chunk of response.body) {
    throwIfCancelled(signal);
    if (part.size() + chunk.length > file.size) throw mismatch(file, `is larger than ${file.size} bytes`);
    await part.append(chunk);
    onProgress?.({ phase: 'download', subject: file.subject, received: part.size(), total: file.size });
  }
  if (part.size() < file.size)
    throw new TransientFailure(`the server ended after ${part.size()} of ${file.size} bytes`);
}

function startsAt(range: string | string[] | undefined, offset: number): boolean {
  return typeof range === 'string' && range.startsWith(`bytes ${offset}-`);
}

function mismatch(file: KnownFile, what: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_DIGEST_MISMATCH',
    `${shown(file.url)} ${what}: it is not the file that the archive has signed`,
    {
      hint: 'the mirror or a cache before it may be broken: try again later, or another one with --mirror URL',
      details: { url: shown(file.url), sha256: file.sha256, size: file.size },
    },
  );
}
