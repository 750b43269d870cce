import { AnyarchError } from '../core/error.ts';
import type { ErrorCode } from '../core/error-code.ts';
import { printable } from '../core/printable.ts';
import { TransientFailure, type HttpResponse } from '../transfer/index.ts';
import { readBody } from './body.ts';

/** What a request was for, for messages. */
export interface Purpose {
  /** Host and port. */
  readonly registry: string;
  /** `pushing the tag h/r:t`. */
  readonly doing: string;
  /** Which credentials were used; undefined when none were asked for. */
  readonly tried: string | undefined;
}

/** A refusal that may pass. */
export class TransientAnswer extends TransientFailure {
  readonly error: AnyarchError;

  constructor(error: AnyarchError, retryAfterMs: number | undefined) {
    super(error.message, { cause: error, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
    this.error = error;
  }
}

/** What an answer means that is no success. Reads its body. */
export async function refusal(response: HttpResponse, purpose: Purpose): Promise<Error> {
  const { status } = response;
  const said = await explanation(response);
  const retryAfterMs = retryAfter(response.headers['retry-after'], Date.now());
  const retryAfterSeconds = retryAfterMs === undefined ? undefined : Math.ceil(retryAfterMs / 1000);
  const error = new AnyarchError(
    codeOf(status),
    `${purpose.doing}: ${purpose.registry} ${meaningOf(status)}${said === '' ? '' : `: ${said}`}`,
    {
      hint: hintOf(status, purpose, retryAfterSeconds),
      details: {
        registry: purpose.registry,
        status,
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
      },
    },
  );
  const mayPass = status === 408 || status === 429 || status >= 500;
  return mayPass ? new TransientAnswer(error, retryAfterMs) : error;
}

/**
 * Milliseconds to wait, of a Retry-After field: seconds or a date (RFC 9110, section 10.2.3). Undefined for anything else,
 * and for more than can be counted.
 */
export function retryAfter(field: string | string[] | undefined, nowMs: number): number | undefined {
  if (typeof field !== 'string') return undefined;
  if (/^\d+$/.test(field)) {
    const milliseconds = Number(field) * 1000;
    return Number.isSafeInteger(milliseconds) ? milliseconds : undefined;
  }
  const date = Date.parse(field);
  return Number.isNaN(date) ? undefined : Math.max(date - nowMs, 0);
}

/** The errors that registries send (distribution-spec 1.1, error codes), on one printable line. */
export function explainBody(body: string): string {
  let errors: unknown;
  try {
    const document: unknown = JSON.parse(body);
    errors = typeof document === 'object' && document !== null && 'errors' in document ? document.errors : [];
  } catch {
    // Proxies answer in HTML, which helps nobody.
    return '';
  }
  if (!Array.isArray(errors)) return '';
  const texts = errors.slice(0, 5).map((error: unknown) => {
    const { code, message } = (error ?? {}) as Readonly<Record<string, unknown>>;
    return [code, message].filter((text) => typeof text === 'string' && text !== '').join(' ');
  });
  const said = texts.map(onOneLine).filter((text) => text !== '');
  return said.join('; ').slice(0, 300);
}

function onOneLine(text: string): string {
  return printable(text.replace(/\s+/g, ' ').trim());
}

async function explanation(response: HttpResponse): Promise<string> {
  try {
    return explainBody((await readBody(response, 64 * 1024))?.toString() ?? '');
  } catch {
    // The status alone must do.
    return '';
  }
}

function codeOf(status: number): ErrorCode {
  if (status === 401 || status === 403) return 'ANYARCH_REGISTRY_DENIED';
  if (status === 404) return 'ANYARCH_REGISTRY_NOT_FOUND';
  return status === 429 ? 'ANYARCH_REGISTRY_RATE_LIMIT' : 'ANYARCH_REGISTRY_FAILED';
}

function meaningOf(status: number): string {
  switch (status) {
    case 401:
      return 'wants other credentials';
    case 403:
      return 'does not allow that';
    case 404:
      return 'has nothing like it';
    case 429:
      return 'allows no more requests for now';
    default:
      return `answers with status ${status}`;
  }
}

function hintOf(status: number, { registry, tried }: Purpose, retryAfterSeconds: number | undefined): string {
  if (status === 401 || status === 403)
    return `${tried ?? 'it asked for no credentials'}; log in with: podman login ${registry} or docker login ${registry}`;
  if (status === 404) {
    const hidden = tried === undefined ? '' : `; ${tried}, and registries hide what one may not see`;
    return `look at the names of the repository and the tag${hidden}`;
  }
  if (status === 429) {
    const when = retryAfterSeconds === undefined ? 'later' : `in ${retryAfterSeconds} s`;
    return `run it again ${when}: what has been transferred counts; ${tried ?? 'it asked for no credentials'}, and those who are logged in may do more`;
  }
  return status >= 500
    ? 'run it again later: what has been transferred counts'
    : 'look whether the registry supports what is asked of it; ANYARCH_DEBUG=1 shows where it happened';
}
