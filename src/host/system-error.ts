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

/** Why a file is passed over that only tells more: it is not there, is of another kind, or is not for this user. */
export const unreadable = ['ENOENT', 'ENOTDIR', 'EACCES', 'EISDIR', 'ELOOP'];

/** Runs `action`; the result is undefined when it fails with one of these errnos. Every other failure passes through. */
export function ignoring<T>(errnos: readonly string[], action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof SystemError && errnos.includes(error.errno)) return undefined;
    throw error;
  }
}
