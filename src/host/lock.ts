import { AnyarchError } from '../core/error.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import type { Clock, Host } from './host.ts';
import type { LockHolder } from './lock-holder.ts';
import type { Files } from './files.ts';
import { isElsewhere, isRunning, ownIdentity, parseHolder } from './lock-holder.ts';
import { SystemError, ignoring } from './system-error.ts';
import { isTemporaryOf } from './temporary-name.ts';

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
  if (last !== undefined && isRunning(files, last, paths.at(-1) ?? path)) return { heldBy: last };

  const own: LockHolder = { ...ownIdentity(files), nonce: newNonce(host.clock) };
  const ownPath = last === undefined ? path : successorPath(path, last);
  const letGo = create(files, ownPath, own);
  if (letGo === undefined) return { heldBy: last };
  // The chain may have been released since it was read: then this file succeeds nobody.
  const after = followChain(host, path);
  if (typeof after.last !== 'object' || after.last.nonce !== own.nonce) {
    files.remove(ownPath);
    letGo();
    return { heldBy: typeof after.last === 'object' ? after.last : undefined };
  }
  let held = true;
  return {
    release: () => {
      if (!held) return;
      held = false;
      // The first file first: without it the others are not found and belong to nobody.
      [...paths, ownPath, ...leftovers(files, path)].forEach((part) => {
        files.remove(part);
      });
      letGo();
    },
  };
}

/** @returns how to let it go; undefined where another process was quicker */
function create(files: Files, path: string, holder: LockHolder): (() => void) | undefined {
  const content = (one: LockHolder) => encodeUtf8(`${JSON.stringify(one)}\n`);
  try {
    const letGo = files.createHeld?.(path, content({ ...holder, locked: true }));
    if (letGo !== undefined) return letGo;
    files.createExclusive(path, content(holder));
    return () => undefined;
  } catch (error) {
    if (error instanceof SystemError && isLost(error)) return undefined;
    throw error;
  }
}

/** Who has the lock clears away what looks left over, and may take a file that is just being made. */
function isLost({ errno, call }: SystemError): boolean {
  return errno === 'EEXIST' || (errno === 'ENOENT' && call === 'link');
}

/** What processes left that were killed while they took the lock or let it go; only to be looked at with the lock. */
function leftovers(files: Files, path: string): string[] {
  const directory = parentOf(path);
  const base = path.slice(directory.length + 1);
  return files
    .list(directory)
    .filter((name) => name.startsWith(`${base}.after-`) || isTemporaryOf(base, name))
    .map((name) => `${directory}/${name}`);
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/'));
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
    const text = ignoring(['ENOENT'], () => ignoring(['EACCES'], () => decodeUtf8(files.read(next))) ?? '');
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
  const command = ignoring(['ENOENT', 'ESRCH'], () => commandOf(files, holder.pid));
  const isAway = isElsewhere(files, holder);
  const shown = isAway
    ? ' of another container or machine'
    : (command ?? ', which is gone: another one keeps the file open');
  return new AnyarchError('ANYARCH_LOCKED', `${path} is locked by process ${holder.pid}${shown}`, {
    hint:
      isAway || command === undefined
        ? `wait until it has ended; if no anyarch is at work, remove its lock: rm ${path}*`
        : 'wait until it has ended, then try again',
    details: { path, pid: holder.pid },
  });
}

function commandOf(files: Files, pid: number): string {
  const words = ignoring(['EACCES'], () => decodeUtf8(files.read(`/proc/${pid}/cmdline`))) ?? '';
  return words === '' ? '' : ` (${words.replaceAll('\0', ' ').trim()})`;
}
