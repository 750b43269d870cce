import type { ErrorCode } from './error-code.ts';

/** Facts that belong to an error, printed with it and kept in `--json`. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface ErrorOptions {
  /** What to type or change next, one sentence or command. */
  readonly hint?: string;
  readonly details?: ErrorDetails;
  readonly cause?: unknown;
}

/** Everything that a user can cause or meet. Bugs stay plain `Error`s. */
export class AnyarchError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: ErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AnyarchError';
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
  }
}
