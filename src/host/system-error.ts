/** A refused system call, the same shape on every adapter. `errno` is the symbolic name, such as `ENOENT`. */
export class SystemError extends Error {
  readonly errno: string;
  readonly call: string;
  readonly path: string | undefined;

  constructor(errno: string, call: string, path?: string, options?: { readonly cause?: unknown }) {
    super(`${call}${path === undefined ? '' : ` ${path}`}: ${errno}`, options);
    this.name = 'SystemError';
    this.errno = errno;
    this.call = call;
    this.path = path;
  }
}

/** Runs `action`; the result is undefined when it fails with one of these errnos. Every other failure passes through. */
export function ignoring<T>(errnos: readonly string[], action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof SystemError && errnos.includes(error.errno)) return undefined;
    throw error;
  }
}
