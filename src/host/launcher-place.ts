import { AnyarchError } from '../core/error.ts';
import type { FileStatus, Files } from './files.ts';
import type { System } from './host.ts';
import { SystemError } from './system-error.ts';
import { rootOwners, untrustedAncestor } from './trusted-path.ts';

/** Why a directory cannot hold the launcher; shown when no other can either. */
interface Rejection {
  readonly directory: string;
  readonly reason: string;
}

interface LauncherParts {
  readonly files: Files;
  readonly system: Pick<System, 'uid' | 'environment'>;
}

/**
 * Puts a launcher where it can be executed and where nobody else can replace it, and gives its path. A launcher
 * that is there already is used when it is ours and has the very same bytes.
 *
 * @throws AnyarchError ANYARCH_PERMISSION when no directory will do; `details.rejected` says why for each.
 */
export function installLauncher({ files, system }: LauncherParts, bytes: Uint8Array): string {
  const rejected: Rejection[] = [];
  for (const directory of launcherDirectories(system)) {
    try {
      const resolved = prepareDirectory(files, system.uid, directory);
      const path = `${resolved}/${contentName(bytes)}`;
      if (!isIntact(files, system.uid, path, bytes)) {
        files.writeAtomic(path, bytes, 0o700);
        removeForgotten(files, resolved, path);
      }
      if (files.isExecutable(path)) return path;
      rejected.push({ directory, reason: 'programs there may not be executed (noexec mount?)' });
    } catch (error) {
      if (!(error instanceof SystemError || error instanceof UnsafePlace)) throw error;
      rejected.push({ directory, reason: error.message });
    }
  }
  throw new AnyarchError('ANYARCH_PERMISSION', 'no directory is fit to execute the launcher from', {
    hint: 'set XDG_CACHE_HOME to a directory of your own on a file system that is not mounted noexec',
    details: { rejected: rejected.map(({ directory, reason }) => `${directory}: ${reason}`) },
  });
}

/** Launchers that were made long ago; one that is still wanted is made again. */
function removeForgotten(files: Files, directory: string, newest: string): void {
  const monthMs = 30 * 24 * 3600 * 1000;
  const now = files.linkStatus(newest)?.modifiedMs ?? 0;
  for (const name of files.list(directory)) {
    const status = files.linkStatus(`${directory}/${name}`);
    if (status !== undefined && now - status.modifiedMs > monthMs) files.remove(`${directory}/${name}`);
  }
}

/** In the order in which they are tried. */
export function launcherDirectories({ uid, environment }: LauncherParts['system']): string[] {
  const { HOME: home, XDG_CACHE_HOME: cache, XDG_RUNTIME_DIR: runtime } = environment;
  return [
    ...(isAbsolute(cache)
      ? [`${cache}/anyarch/launcher`]
      : isAbsolute(home)
        ? [`${home}/.cache/anyarch/launcher`]
        : []),
    ...(isAbsolute(runtime) ? [`${runtime}/anyarch/launcher`] : []),
    `/tmp/anyarch-${uid}/launcher`,
    `/dev/shm/anyarch-${uid}/launcher`,
  ];
}

class UnsafePlace extends Error {}

/** The directory's path without links; on the way nobody but root and us may be able to replace anything. */
function prepareDirectory(files: Files, uid: number, directory: string): string {
  files.makeDirectory(directory, 0o700);
  const resolved = files.resolve(directory);
  const reason = untrustedAncestor(files, resolved, [uid, ...rootOwners(files)]);
  if (reason !== undefined) throw new UnsafePlace(reason);
  const status = files.linkStatus(resolved);
  if (!isOursAlone(status, uid, 'directory')) throw new UnsafePlace(`${resolved} is not ours alone`);
  return resolved;
}

function isIntact(files: Files, uid: number, path: string, bytes: Uint8Array): boolean {
  const status = files.linkStatus(path);
  if (!isOursAlone(status, uid, 'file') || status?.size !== bytes.length) return false;
  const found = files.read(path);
  return found.length === bytes.length && sameWords(inWords(found), inWords(bytes));
}

function sameWords(first: Uint32Array, second: Uint32Array): boolean {
  for (let index = 0; index < first.length; index += 1) if (first[index] !== second[index]) return false;
  return true;
}

/** The bytes by fours, zeros behind them. Loops over launchers run cold at every start, so fewer rounds count. */
function inWords(bytes: Uint8Array): Uint32Array {
  const padded = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  padded.set(bytes);
  return new Uint32Array(padded.buffer);
}

function isOursAlone(status: FileStatus | undefined, uid: number, kind: FileStatus['kind']): boolean {
  return status?.kind === kind && status.uid === uid && (status.mode & 0o022) === 0;
}

/**
 * After FNV-1a, two halves of 32 bits, by words. Only tells versions apart: trust comes from comparing owner, mode and content,
 * so a cryptographic hash (3 ms to load in Node) would buy nothing. Plain loops: this runs cold at every start.
 */
function contentName(bytes: Uint8Array): string {
  let first = 0x811c9dc5;
  let second = 0x050c5d1f;
  for (const word of inWords(bytes)) {
    first = Math.imul(first ^ word, 0x01000193);
    second = Math.imul(second ^ (word >>> 16) ^ word, 0x01000193);
  }
  return [first, second].map((half) => (half >>> 0).toString(16).padStart(8, '0')).join('');
}

function isAbsolute(path: string | undefined): path is string {
  return path?.startsWith('/') === true;
}
