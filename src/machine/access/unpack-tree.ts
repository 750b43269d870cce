import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  unlinkSync,
  type Stats,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Readable } from 'node:stream';
import type { Host } from '../../host/host.ts';
import { temporaryName } from '../../host/temporary-name.ts';
import { finish } from './copy-outcome.ts';
import { saysNoSpace } from './no-space.ts';

export interface TreePlace {
  /** Absolute, of the host. */
  readonly path: string;
  /** It is how the user calls it, and may be a link to a directory; else a link there gives way. */
  readonly isNamed: boolean;
}

/**
 * Unpacks a guest's tar archive where nothing is yet, and merges what came out of it into a directory only then: a link
 * that an earlier copy has left there is replaced, never followed. What cannot be unpacked whole leaves all as it was.
 *
 * @returns what went wrong
 */
export async function unpackTree(
  { system }: Pick<Host, 'system'>,
  content: Readable,
  place: TreePlace,
): Promise<string | undefined> {
  try {
    const there = openPlace(place);
    if (there === undefined)
      return await inDirectory(openDirectory(dirname(place.path), 0), async (parent) => {
        return await unpackBeside(system.uid, content, parent, (tree) => {
          put(tree, `${parent}/${basename(place.path)}`, place.path);
        });
      });
    return await inDirectory(there, async (into) => {
      return await unpackBeside(system.uid, content, into, (tree) => {
        mergeInto(tree, into, place.path);
      });
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @param directory of the same file system as the place, which one can be moved to from there */
async function unpackBeside(
  uid: number,
  content: Readable,
  directory: string,
  settle: (tree: string) => void,
): Promise<string | undefined> {
  const holder = temporaryName(`${directory}/.anyarch-copy`, process.pid);
  const tree = `${holder}/content`;
  mkdirSync(holder, { mode: 0o700 });
  try {
    mkdirSync(tree);
    const failure = await unpack(uid, content, tree);
    if (failure === undefined) settle(tree);
    return failure;
  } finally {
    removeBelow(directory, basename(holder));
  }
}

async function unpack(uid: number, content: Readable, tree: string): Promise<string | undefined> {
  // tar of root would make the devices that a guest's archive has.
  const prefix = uid === 0 ? ['setpriv', '--bounding-set', '-mknod'] : [];
  const [program = '', ...words] = [
    ...prefix,
    ...['tar', '--no-same-owner', '--no-same-permissions', '-xf', '-'],
  ];
  const unpacker = spawn(program, words, {
    cwd: tree,
    stdio: ['pipe', 'ignore', 'pipe'],
    env: { ...process.env, LC_ALL: 'C' },
  });
  unpacker.stdin.on('error', () => content.destroy());
  let full: string | undefined;
  unpacker.stderr.on('data', (text: string) => {
    if (full !== undefined || !saysNoSpace(text)) return;
    // tar leaves the file out and goes on with the next one, for as long as a guest sends any.
    full = text.trim().split('\n')[0];
    unpacker.kill('SIGKILL');
    content.destroy();
  });
  content.pipe(unpacker.stdin);
  const { failed, message } = await finish(unpacker, []);
  if (full !== undefined) return full;
  return failed === undefined ? undefined : message || `tar ended with ${failed.exitCode ?? 'a signal'}`;
}

/** @param into a directory of the host by its descriptor: nothing that is done to its name leads elsewhere */
function mergeInto(tree: string, into: string, shown: string): void {
  for (const name of readdirSync(tree)) put(`${tree}/${name}`, `${into}/${name}`, `${shown}/${name}`);
}

/** @param shown the place as people know it */
function put(from: string, to: string, shown: string): void {
  const status = lstatSync(from);
  const there = lookAt(to);
  if (!status.isDirectory()) {
    if (there?.isDirectory() === true) throw new Error(`${shown}: a directory is in the way`);
    renameSync(from, to);
    return;
  }
  const mode = status.mode & 0o777;
  // Whoever is not root can neither move nor read one that it must not write to.
  chmodSync(from, mode | 0o700);
  if (there?.isDirectory() === true) {
    const into = openDirectory(to, constants.O_NOFOLLOW);
    try {
      mergeInto(from, `/proc/self/fd/${into}`, shown);
    } finally {
      closeSync(into);
    }
    return;
  }
  if (there?.isSymbolicLink() === true) unlinkSync(to);
  else if (there !== undefined) throw new Error(`${shown}: a file is in the way`);
  renameSync(from, to);
  const moved = openDirectory(to, constants.O_NOFOLLOW);
  try {
    fchmodSync(moved, mode);
  } finally {
    closeSync(moved);
  }
}

/** By programs that need no names of what lies deep: those of a guest may be longer than any path can be. */
function removeBelow(directory: string, name: string): void {
  const options = { cwd: directory, stdio: 'ignore' } as const;
  // Whoever is not root cannot look into all that a guest made.
  spawnSync('chmod', ['-R', 'u+rwx', '--', name], options);
  spawnSync('rm', ['-rf', '--', name], options);
}

/** Undefined where there is no directory, or a link that is not the user's. */
function openPlace({ path, isNamed }: TreePlace): number | undefined {
  const kind = isNamed ? statSync(path, { throwIfNoEntry: false }) : lookAt(path);
  return kind?.isDirectory() === true ? openDirectory(path, isNamed ? 0 : constants.O_NOFOLLOW) : undefined;
}

function openDirectory(path: string, flags: number): number {
  return openSync(path, constants.O_RDONLY | constants.O_DIRECTORY | flags);
}

function lookAt(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** What is done to the directory's name meanwhile leads nowhere else. */
async function inDirectory<T>(descriptor: number, action: (path: string) => T | Promise<T>): Promise<T> {
  try {
    return await action(`/proc/self/fd/${descriptor}`);
  } finally {
    closeSync(descriptor);
  }
}
