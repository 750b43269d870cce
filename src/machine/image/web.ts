import { createHash } from 'node:crypto';
import { AnyarchError } from '../../core/error.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import type { Host } from '../../host/host.ts';
import {
  EndlessRedirect,
  NoTls,
  TransientFailure,
  UnknownServer,
  UntrustedServer,
  environmentProxies,
  openHttp,
  openPartialFile,
  repeating,
  shown,
  trustedCertificates,
  type Http,
  type HttpResponse,
  type OnProgress,
  type PartialFile,
} from '../../transfer/index.ts';

export interface WebOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Milliseconds before a failed request is repeated for the first time. Default 500. */
  readonly retryMs?: number | undefined;
}

/** Files on web servers. All throw AnyarchError ANYARCH_DOWNLOAD_FAILED, ANYARCH_CANCELLED. */
export interface Web {
  /** Undefined where the server has no such file. */
  small(url: string, maximumBytes: number): Promise<Uint8Array | undefined>;
  /** Whether the server has such a file; nothing is read of it. */
  isThere(url: string): Promise<boolean>;
  /**
   * @param directory of what interrupted downloads leave, on the same file system as `path`
   * @param isResumable only where a digest tells later whether the parts belong together
   * @returns whether an interrupted download was continued
   */
  download(url: string, path: string, directory: string, isResumable: boolean): Promise<boolean>;
  close(): Promise<void>;
}

export async function openWeb(
  { log, system }: Pick<Host, 'log' | 'system'>,
  options: WebOptions,
): Promise<Web> {
  const http = await openHttp({
    proxies: environmentProxies(system.environment),
    certificates: trustedCertificates(system.environment),
  });
  const { signal, onProgress, retryMs } = options;
  const retrying = async <T>(url: string, attempt: () => Promise<T>, progress?: () => number): Promise<T> => {
    try {
      return await repeating({ log, signal, firstDelayMs: retryMs }, shown(url), attempt, progress);
    } catch (error) {
      throw understood(error, url);
    }
  };
  return {
    small: async (url, maximumBytes) =>
      await retrying(url, () => receiveSmall(http, url, maximumBytes, signal)),
    isThere: async (url) => await retrying(url, () => asksFor(http, url, signal)),
    download: async (url, path, directory, isResumable) => {
      const part = await openPartialFile(directory, createHash('sha256').update(url).digest('hex'));
      const isContinued = isResumable && part.size() > 0;
      try {
        if (!isContinued) await part.restart();
        await retrying(
          url,
          () => receive({ http, url, part, signal, onProgress }),
          () => part.size(),
        );
        await part.finish(path);
        return isContinued;
      } catch (error) {
        if (isResumable && part.size() > 0 && !isFullDisk(error)) await part.leave();
        else await part.remove();
        throw error;
      }
    },
    close: () => http.close(),
  };
}

async function asksFor(http: Http, url: string, signal: AbortSignal | undefined): Promise<boolean> {
  const response = await http.get(url, 0, signal);
  response.discard();
  return !isMissing(response);
}

/** Buckets say 403 for what they do not have. */
function isMissing({ status }: HttpResponse): boolean {
  return status === 404 || status === 410 || status === 403;
}

async function receiveSmall(
  http: Http,
  url: string,
  maximumBytes: number,
  signal: AbortSignal | undefined,
): Promise<Uint8Array | undefined> {
  const response = await http.get(url, 0, signal);
  if (isMissing(response)) {
    response.discard();
    return undefined;
  }
  if (response.status !== 200) throw refused(response, url);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body) {
    size += chunk.length;
    if (size > maximumBytes) throw failed(url, `it has more than ${maximumBytes} bytes`, 'name another one');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

interface Receiving {
  readonly http: Http;
  readonly url: string;
  readonly part: PartialFile;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress | undefined;
}

async function receive({ http, url, part, signal, onProgress }: Receiving): Promise<void> {
  const start = part.size();
  const response = await http.get(url, start, signal);
  const { status, headers } = response;
  const range = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(String(headers['content-range'] ?? ''));
  if (status === 416 || (status === 206 && Number(range?.[1]) !== start)) {
    response.discard();
    await part.restart();
    throw new TransientFailure('the server does not go on where the download stopped');
  }
  if (status !== 200 && status !== 206) throw refused(response, url);
  if (status === 200) await part.restart();
  const length = status === 206 ? range?.[2] : headers['content-length'];
  const total = typeof length === 'string' && /^\d+$/.test(length) ? Number(length) : undefined;
  const subject = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? '');
  for await (const chunk of response.body) {
    throwIfCancelled(signal);
    await part.append(chunk);
    onProgress?.({ phase: 'download', subject, received: part.size(), total });
  }
  if (total !== undefined && part.size() < total)
    throw new TransientFailure(`the server ended after ${part.size()} of ${total} bytes`);
}

function refused(response: HttpResponse, url: string): Error {
  response.discard();
  const { status } = response;
  if (status === 408 || status === 429 || status >= 500)
    return new TransientFailure(`the server answers with status ${status}`);
  return failed(url, `the server answers with status ${status}`, 'look in a browser what is there');
}

function understood(error: unknown, url: string): unknown {
  if (error instanceof UntrustedServer)
    return failed(url, error.message, "name the authority's certificate: NODE_EXTRA_CA_CERTS=FILE", error);
  if (error instanceof EndlessRedirect)
    return failed(url, error.message, 'look in a browser where the image is, and take that address', error);
  if (error instanceof TransientFailure || error instanceof UnknownServer || error instanceof NoTls)
    return failed(
      url,
      error.message,
      'check the network; the same command again goes on where it stopped',
      error,
    );
  return error;
}

function failed(url: string, what: string, hint: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_DOWNLOAD_FAILED', `${shown(url)} cannot be downloaded: ${what}`, {
    hint,
    details: { url: shown(url) },
    cause,
  });
}

function isFullDisk(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
