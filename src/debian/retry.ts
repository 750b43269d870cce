import { setTimeout as sleep } from 'node:timers/promises';
import { AnyarchError } from '../core/error.ts';
import type { Log } from '../host/host.ts';
import { cancelled, throwIfCancelled } from './cancellation.ts';
import { shown } from './url.ts';

/** A failure that the same request may not meet again: a closed connection, an overloaded server. */
export class TransientFailure extends Error {}

/** Its name cannot be resolved, and will not be a second later. */
class UnknownServer extends Error {}

export interface RetryOptions {
  readonly log: Log;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds before the first repetition; doubled for each further one. Default 500. */
  readonly firstDelayMs?: number | undefined;
}

/** Attempts in a row that bring nothing. */
const attempts = 4;

/**
 * Repeats `attempt` while it fails transiently, with growing pauses.
 *
 * @param progress bytes so far: an attempt that moves it does not count as failed
 * @throws AnyarchError ANYARCH_DOWNLOAD_FAILED after 4 attempts in a row without progress; ANYARCH_CANCELLED
 */
export async function retrying<T>(
  options: RetryOptions,
  url: string,
  attempt: () => Promise<T>,
  progress: () => number,
): Promise<T> {
  const { log, signal, firstDelayMs = 500 } = options;
  for (let failures = 1; ; failures += 1) {
    throwIfCancelled(signal);
    const before = progress();
    try {
      return await attempt();
    } catch (error) {
      throwIfCancelled(signal);
      const failure = classified(error, url);
      if (failure instanceof UnknownServer) throw failed(url, failure, progress());
      if (!(failure instanceof TransientFailure)) throw failure;
      if (progress() > before) failures = 1;
      if (failures >= attempts) throw failed(url, failure, progress());
      const delayMs = firstDelayMs * 2 ** (failures - 1);
      log.debug(`${shown(url)}: ${failure.message}; trying again in ${delayMs} ms`);
      await sleep(delayMs, undefined, signal === undefined ? {} : { signal }).catch((reason: unknown) => {
        throw cancelled(reason);
      });
    }
  }
}

/** What a response that is no success means. */
export function unexpectedStatus(url: string, status: number): Error {
  if (status === 408 || status === 429 || status >= 500)
    return new TransientFailure(`the server answers with status ${status}`);
  return new AnyarchError(
    'ANYARCH_DOWNLOAD_FAILED',
    `${shown(url)}: the server answers with status ${status}`,
    {
      hint:
        status === 404
          ? 'the mirror may be incomplete: try another one with --mirror URL'
          : 'try another mirror with --mirror URL',
      details: { url: shown(url), status },
    },
  );
}

function classified(error: unknown, url: string): unknown {
  if (!(error instanceof Error) || error instanceof TransientFailure || error instanceof AnyarchError)
    return error;
  const code = 'code' in error ? String(error.code) : '';
  if (code === 'ENOTFOUND') return new UnknownServer('the name of the server is unknown', { cause: error });
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_/.test(code)) {
    return new AnyarchError(
      'ANYARCH_DOWNLOAD_FAILED',
      `${shown(url)}: the server's certificate is not trusted (${code})`,
      {
        hint: "name the authority's certificate: NODE_EXTRA_CA_CERTS=FILE",
        details: { url: shown(url) },
        cause: error,
      },
    );
  }
  const isNetwork = code.startsWith('UND_ERR_') || networkErrors.has(code);
  return isNetwork ? new TransientFailure(`${error.message} (${code})`, { cause: error }) : error;
}

const networkErrors = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
  'ENETDOWN',
]);

/** @param received bytes that are kept */
function failed(url: string, cause: Error, received: number): AnyarchError {
  const kept = received > 0 ? '; what has arrived is kept for the next attempt' : '';
  return new AnyarchError('ANYARCH_DOWNLOAD_FAILED', `${shown(url)} cannot be downloaded: ${cause.message}`, {
    hint: `check the network, or name another mirror with --mirror URL${kept}`,
    details: { url: shown(url) },
    cause,
  });
}
