import { utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { AnyarchError } from '../core/error.ts';
import type { Log } from '../host/host.ts';
import { fileFailure } from '../host/file-failure.ts';
import { digestOf } from '../store/index.ts';
import { fetchKnownFile, shown, type Http, type OnProgress, type Source } from '../transfer/index.ts';
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
  await fetchKnownFile(
    sourceOf(downloader, file),
    { ...file, path, partial: downloader.cache },
    {
      log: downloader.log,
      signal: downloader.signal,
    },
  ).catch((error: unknown) => {
    throw fileFailure(error, path);
  });
  return path;
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

function sourceOf(downloader: Downloader, file: KnownFile): Source {
  return {
    get: (from) => downloader.http.get(file.url, from, downloader.signal),
    refused: (response) => {
      response.discard();
      return Promise.resolve(unexpectedStatus(file.url, response.status));
    },
    mismatch: (what) => mismatch(file, what),
    resized: (bytes) => outOfStep(file, bytes),
    retrying: (attempt, progress) => retrying(downloader, file.url, attempt, progress),
    onReceived: (received) => {
      downloader.onProgress?.({ phase: 'download', subject: file.subject, received, total: file.size });
    },
  };
}

function outOfStep(file: KnownFile, bytes: number): AnyarchError {
  return new AnyarchError(
    'ANYARCH_DIGEST_MISMATCH',
    `${shown(file.url)} has ${bytes} bytes there, and ${file.size} are signed: the mirror's copy is of another time than its Release file`,
    {
      hint: 'try again when the mirror has been updated, or take another one with --mirror URL or another suite with --suite SUITE',
      details: { url: shown(file.url), sha256: file.sha256, size: file.size, actualSize: bytes },
    },
  );
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
