import { AnyarchError } from '../../core/error.ts';
import { AT_FDCWD } from '../../core/launcher/constants.ts';
import type { Step } from '../../core/launcher/program.ts';
import type { Launch } from '../worker/launcher.ts';
import { shown } from './bytes-path.ts';
import type { TreePath } from './bytes-path.ts';
import { diskFull } from './file-error.ts';

/** System calls of one launcher: it takes a millisecond or two to start, and each step some bytes. */
const batch = 256;
/** Of an image; a distribution has some dozens. */
const most = 100_000;

interface Wanted {
  readonly path: TreePath;
  readonly name: string;
  readonly value: Uint8Array;
  readonly done: () => void;
}

/** Sets extended attributes, many at a time. */
export interface ExtendedAttributes {
  /** @param done called when it is set; a file system, or a kind of file, may have none */
  set(path: TreePath, name: string, value: Uint8Array, done: () => void): void;
  /** To be called before something else takes the place of what is at the path, or below it. */
  settle(path: TreePath, isDirectory: boolean): void;
  flush(): void;
  /** How many the image has that were not set. */
  leftOut(): number;
}

/**
 * `trusted.*` needs the host's root, `security.selinux` is the host's business, and overlay's own attributes would forge
 * whiteouts and owners.
 */
export function isTaken(name: string): boolean {
  if (name === 'security.capability') return true;
  return name.startsWith('user.') && !/^user\.(overlay|fuseoverlayfs|containers)\./.test(name);
}

export function extendedAttributes(launch: Launch): ExtendedAttributes {
  let waiting: Wanted[] = [];
  let count = 0;
  let leftOut = 0;

  const flush = (): void => {
    while (waiting.length > 0) {
      const part = waiting;
      waiting = [];
      const { failure } = launch(part.map(stepOf));
      const made = failure?.step ?? part.length;
      for (const { done } of part.slice(0, made)) done();
      if (failure === undefined) return;
      const refused = part[made];
      if (refused === undefined) throw new Error(`the launcher reported step ${made}, which does not exist`);
      if (!['ENOTSUP', 'EOPNOTSUPP', 'EPERM'].includes(failure.errno)) throw failed(refused, failure.errno);
      leftOut += 1;
      waiting = part.slice(made + 1);
    }
  };
  return {
    set: (path, name, value, done) => {
      if (!isTaken(name)) {
        leftOut += 1;
        return;
      }
      count += 1;
      if (count > most)
        throw new AnyarchError('ANYARCH_IMAGE_LIMIT', `the image has more than ${most} extended attributes`, {
          hint: 'no image needs that many; have it built again',
        });
      waiting.push({ path, name, value, done });
      if (waiting.length >= batch) flush();
    },
    settle: (path, isDirectory) => {
      if (waiting.length > 0 && (isDirectory || waiting.some((one) => one.path === path))) flush();
    },
    flush,
    leftOut: () => leftOut,
  };
}

function stepOf({ path, name, value }: Wanted): Step {
  return { call: 'lsetxattr', arguments: [text(path), text(name), value, value.length, 0] };
}

/** Bytes, because a launcher's own texts are UTF-8. */
export function text(path: TreePath): Uint8Array {
  return Buffer.from(`${path === '' ? '.' : path}\0`, 'latin1');
}

function failed({ path, name }: Wanted, errno: string): AnyarchError {
  const what = `the extended attribute ${JSON.stringify(name)} of ${shown(path)}`;
  if (errno === 'ENOSPC' || errno === 'EDQUOT') return diskFull(`no space left to set ${what} (${errno})`);
  return new AnyarchError('ANYARCH_IMAGE_INVALID', `${what} cannot be set (${errno})`, {
    hint: 'nothing of the image was kept; have it built again without that attribute',
  });
}

// include/uapi/linux/stat.h
const S_IFIFO = 0o010000;

export function makeFifo(launch: Launch, path: TreePath): string | undefined {
  return launch([{ call: 'mknodat', arguments: [AT_FDCWD, text(path), S_IFIFO | 0o600, 0] }]).failure?.errno;
}
