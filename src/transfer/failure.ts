/** A failure that the same request may not meet again: a closed connection, an overloaded server. */
export class TransientFailure extends Error {
  /** Milliseconds that the server asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: { readonly cause?: unknown; readonly retryAfterMs?: number } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** Each address leads to another one that was there before. */
export class EndlessRedirect extends TransientFailure {}

/** Its name cannot be resolved, and will not be a second later. */
export class UnknownServer extends Error {}

/** Nobody whom this machine trusts has signed its certificate, or it is another server's. */
export class UntrustedServer extends Error {}

/** It speaks something else than TLS, or another version of it. */
export class NoTls extends Error {}

/** What an error of a connection means; anything else comes back unchanged. */
export function classified(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (!(error instanceof Error) || code === '') return error;
  if (code === 'ENOTFOUND') return new UnknownServer('the name of the server is unknown', { cause: error });
  if (noTlsErrors.test(code)) return new NoTls(`the server does not speak TLS (${code})`, { cause: error });
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_/.test(code))
    return new UntrustedServer(`the server's certificate is not trusted (${code})`, { cause: error });
  // undici has no code of its own for it.
  if (error.message.startsWith('Redirect loop'))
    return new EndlessRedirect('the server redirects in a circle', { cause: error });
  const isNetwork = code.startsWith('UND_ERR_') || networkErrors.has(code);
  return isNetwork ? new TransientFailure(`${error.message} (${code})`, { cause: error }) : error;
}

/** OpenSSL's for an answer in plain HTTP; EPROTO is what Node calls those without a code of their own. */
const noTlsErrors =
  /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST|UNKNOWN_PROTOCOL))$/;

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
