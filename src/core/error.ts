import type { ErrorCode } from './error-code.ts';
import { printable } from './printable.ts';

/** Facts that belong to an error, printed with it and kept in `--json`. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface ErrorOptions {
  /** What to type or change next, one sentence or command. */
  readonly hint?: string;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/**
 * Everything that a user can cause or meet. Bugs stay plain `Error`s. Message and hint may quote images, servers and
 * files: they are made printable, while the details have everything as it is.
 */
export class AnyarchError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(printable(message), options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AnyarchError';
    this.code = code;
    this.hint = options.hint === undefined ? undefined : printable(options.hint);
    this.details = options.details ?? {};
  }
}
