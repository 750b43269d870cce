import { AnyarchError } from '../core/error.ts';
import {
  NoTls,
  TransientFailure,
  UnknownServer,
  UntrustedServer,
  repeating,
  shown,
  type RetryOptions,
} from '../transfer/index.ts';

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
  try {
    return await repeating(options, shown(url), attempt, progress);
  } catch (failure) {
    if (failure instanceof UntrustedServer)
      throw new AnyarchError('ANYARCH_DOWNLOAD_FAILED', `${shown(url)}: ${failure.message}`, {
        hint: "name the authority's certificate: NODE_EXTRA_CA_CERTS=FILE",
        details: { url: shown(url) },
        cause: failure.cause,
      });
    if (failure instanceof TransientFailure || failure instanceof UnknownServer || failure instanceof NoTls)
      throw failed(url, failure, progress());
    throw failure;
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

/** @param received bytes that are kept */
function failed(url: string, cause: Error, received: number): AnyarchError {
  const kept = received > 0 ? '; what has arrived is kept for the next attempt' : '';
  return new AnyarchError('ANYARCH_DOWNLOAD_FAILED', `${shown(url)} cannot be downloaded: ${cause.message}`, {
    hint: `check the network, or name another mirror with --mirror URL${kept}`,
    details: { url: shown(url) },
    cause,
  });
}
