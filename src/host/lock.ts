import { AnyarchError } from '../core/error.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import type { Clock, Host } from './host.ts';
import type { LockHolder } from './lock-holder.ts';
import { isElsewhere, isRunning, ownIdentity, parseHolder } from './lock-holder.ts';
import { ignoring } from './system-error.ts';

export interface LockOptions {
  /** How long to wait for another holder, in milliseconds. Default 10 000. */
  readonly waitMs?: number;
}

export interface Lock {
  release(): void;
}

type LockHost = Pick<Host, 'files' | 'clock'>;

/** Milliseconds between two attempts. */
const pauseMs = 25;

/**
 * Runs the action while this process holds the lock. The lock of a process that died is taken over.
 *
 * @param path the lock file; its directory must exist
 * @throws AnyarchError ANYARCH_LOCKED when another process still holds it after `waitMs`
 */
export function withLock<T>(host: LockHost, path: string, action: () => T, options?: LockOptions): T {
  const lock = acquireLock(host, path, options);
  try {
    return action();
  } finally {
    lock.release();
  }
}

/** Blocks until the lock is held; asynchronous code polls `tryLock` instead. */
export function acquireLock(host: LockHost, path: string, { waitMs = 10_000 }: LockOptions = {}): Lock {
  const deadline = host.clock.monotonic() + waitMs;
  for (;;) {
    const attempt = tryLock(host, path);
    if ('release' in attempt) return attempt;
    if (host.clock.monotonic() >= deadline) throw locked(host, path, attempt.heldBy);
    host.clock.sleep(pauseMs);
  }
}

/**
 * Takes the lock, or says who holds it: undefined when the lock file tells nothing.
 *
 * The file names its holder and is never replaced, because removing a dead holder's lock and making a new one are two
 * steps that two processes could mix. Instead the right passes on: who finds a dead holder creates the file of its
 * successor, which only one can. The holder is the end of that chain.
 */
export function tryLock(host: LockHost, path: string): Lock | { readonly heldBy: LockHolder | undefined } {
  const { files } = host;
  const { last, paths } = followChain(host, path);
  if (last === 'unreadable') return { heldBy: undefined };
  if (last !== undefined && isRunning(files, last)) return { heldBy: last };

  const own: LockHolder = { ...ownIdentity(files), nonce: newNonce(host.clock) };
  const ownPath = last === undefined ? path : successorPath(path, last);
  const created = ignoring(['EEXIST'], () => {
    files.createExclusive(ownPath, encodeUtf8(`${JSON.stringify(own)}\n`));
    return true;
  });
  if (created === undefined) return { heldBy: last };
  // The chain may have been released since it was read: then this file succeeds nobody.
  const after = followChain(host, path);
  if (typeof after.last !== 'object' || after.last.nonce !== own.nonce) {
    files.remove(ownPath);
    return { heldBy: typeof after.last === 'object' ? after.last : undefined };
  }
  let held = true;
  return {
    release: () => {
      if (!held) return;
      held = false;
      // The first file first: without it the others are not found and belong to nobody.
      [...paths, ownPath].forEach((part) => {
        files.remove(part);
      });
    },
  };
}

interface Chain {
  /** The holder at the end; undefined when the lock is free. */
  readonly last: LockHolder | 'unreadable' | undefined;
  /** The files that were read. */
  readonly paths: readonly string[];
}

function followChain({ files }: LockHost, path: string): Chain {
  const paths: string[] = [];
  let last: LockHolder | undefined;
  for (let next = path; ; next = successorPath(path, last)) {
    const text = ignoring(['ENOENT'], () => decodeUtf8(files.read(next)));
    if (text === undefined) return { last, paths };
    last = parseHolder(text);
    if (last === undefined) return { last: 'unreadable', paths };
    paths.push(next);
  }
}

function successorPath(path: string, dead: LockHolder): string {
  return `${path}.after-${dead.nonce}`;
}

function newNonce(clock: Clock): string {
  const random = Math.floor(Math.random() * 2 ** 48);
  return `${clock.now().toString(36)}-${random.toString(36)}`;
}

function locked({ files }: LockHost, path: string, holder: LockHolder | undefined): AnyarchError {
  if (holder === undefined) {
    return new AnyarchError('ANYARCH_LOCKED', `${path} is locked, and does not say by whom`, {
      hint: `remove it when no other anyarch is running: rm ${path}`,
      details: { path },
    });
  }
  if (isElsewhere(files, holder)) {
    return new AnyarchError(
      'ANYARCH_LOCKED',
      `${path} is locked by process ${holder.pid} of another container`,
      {
        hint: `wait until it has ended; if it was killed, remove its lock: rm ${path}*`,
        details: { path, pid: holder.pid },
      },
    );
  }
  const command = ignoring(['ENOENT', 'ESRCH', 'EACCES'], () => files.read(`/proc/${holder.pid}/cmdline`));
  const shown = command === undefined ? '' : ` (${decodeUtf8(command).replaceAll('\0', ' ').trim()})`;
  return new AnyarchError('ANYARCH_LOCKED', `${path} is locked by process ${holder.pid}${shown}`, {
    hint: 'wait until it has ended, then try again',
    details: { path, pid: holder.pid },
  });
}
