import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';

/** Milliseconds. */
const patienceMs = 10_000;
const pauseMs = 10;

/** The table cannot be changed either, which is reported where that is tried; or the file system has no locks. */
const withoutLock = [
  'EACCES',
  'EPERM',
  'EROFS',
  'ENOENT',
  'ENOTDIR',
  'EINVAL',
  'ENOLCK',
  'ENOSYS',
  'ENOTSUP',
];

/**
 * Runs the action while no other container changes the same table. Each knows its own ledger only: two at once would
 * take each other's half-made entries for somebody's. Who looks first and changes then, holds it from the first look on.
 *
 * @param host whose table is mounted
 * @param action gets a host that has the lock already
 * @throws AnyarchError ANYARCH_LOCKED when another process still has it after 10 s
 */
export function withTableLock<H extends Pick<Host, 'binfmt' | 'clock'>, T>(
  host: H,
  action: (host: H) => T,
): T {
  const release = acquire(host);
  try {
    return action({ ...host, binfmt: { ...host.binfmt, tryLock: undefined } });
  } finally {
    release?.();
  }
}

/** Undefined where there is no such lock. */
function acquire({ binfmt, clock }: Pick<Host, 'binfmt' | 'clock'>): (() => void) | undefined {
  const { tryLock } = binfmt;
  if (tryLock === undefined) return undefined;
  const deadline = clock.monotonic() + patienceMs;
  for (;;) {
    const attempt = ignoring(withoutLock, () => ({ release: tryLock() }));
    if (attempt === undefined || attempt.release !== undefined) return attempt?.release;
    if (clock.monotonic() >= deadline) throw locked(binfmt.path);
    clock.sleep(pauseMs);
  }
}

function locked(path: string): AnyarchError {
  return new AnyarchError('ANYARCH_LOCKED', `another process is changing the table ${path}`, {
    hint: 'wait until it has ended, then try again; on the host, this names it: sudo lslocks | grep binfmt_misc',
    details: { path },
  });
}
