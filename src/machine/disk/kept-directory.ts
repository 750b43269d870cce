import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { chmod, mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileFailure } from '../../host/file-failure.ts';
import type { Host } from '../../host/host.ts';
import type { Lock } from '../../host/lock.ts';
import { waitForLock } from '../../host/wait-for-lock.ts';
import { isAbandoned, ownToken } from '../../store/index.ts';
import { imagesDirectory } from '../places.ts';
import { removeTree } from './remove-tree.ts';

/** Milliseconds: disks take minutes, on slow machines an hour. */
const patienceMs = 2 * 3600_000;

export interface KeepOptions<T> {
  /** Says all that the content depends on. */
  readonly name: string;
  readonly signal?: AbortSignal | undefined;
  /** Take no notice of one that is there. */
  readonly isRenewed?: boolean | undefined;
  /** What is in the directory; undefined where it is not there or not whole. */
  readonly read: (directory: string) => T | undefined;
  /** Fills a new directory, which is gone when that fails. */
  readonly make: (directory: string) => Promise<void>;
}

/**
 * A directory below `imagesDirectory`, made now unless it is there. It is complete or not there, whatever interrupts the work;
 * two commands that want the same wait for each other. Its files become read-only, and only their owner reads them: disks
 * have what was private where they came from, such as keys and the hashes of passwords.
 *
 * @throws AnyarchError ANYARCH_LOCKED, ANYARCH_CANCELLED, ANYARCH_DISK_FULL, ANYARCH_PERMISSION, and what `make` throws
 */
export async function keepDirectory<T>(host: Host, options: KeepOptions<T>): Promise<T> {
  const { name, signal, read } = options;
  const images = imagesDirectory(host.system);
  const present = () => (options.isRenewed === true ? undefined : newest(images, name, read));
  const known = present();
  if (known !== undefined) return known;
  return await withLock(host, images, name, signal, async () => {
    await clearAbandoned(host, images);
    const madeMeanwhile = present();
    if (madeMeanwhile !== undefined) return madeMeanwhile;
    const making = `${images}/.making-${ownToken()}.${randomBytes(4).toString('hex')}`;
    try {
      await mkdir(making, { mode: 0o700 });
      await options.make(making);
      for (const file of fs.readdirSync(making)) await chmod(`${making}/${file}`, 0o400);
      await rename(making, freePlace(host, images, name));
    } catch (error) {
      throw fileFailure(error, making);
    } finally {
      await removeTree(host, making);
    }
    const kept = newest(images, name, read);
    if (kept === undefined) throw new Error(`${name} was made and cannot be read`);
    return kept;
  });
}

function newest<T>(images: string, name: string, read: (directory: string) => T | undefined): T | undefined {
  if (!fs.existsSync(images)) return undefined;
  return fs
    .readdirSync(images)
    .filter((one) => one === name || one.startsWith(`${name}.`))
    .toSorted()
    .toReversed()
    .map((one) => read(`${images}/${one}`))
    .find((one) => one !== undefined);
}

/** What is there already stays where it is: machines have overlays over it. */
function freePlace({ clock }: Pick<Host, 'clock'>, images: string, name: string): string {
  const place = `${images}/${name}`;
  return fs.existsSync(place) ? `${place}.${clock.now().toString(36)}` : place;
}

async function clearAbandoned(host: Host, images: string): Promise<void> {
  for (const name of fs.readdirSync(images)) {
    const token = /^\.making-(\d+-\d+-\d+)\./.exec(name)?.[1];
    if (token === undefined) continue;
    const path = `${images}/${name}`;
    const status = fs.lstatSync(path, { throwIfNoEntry: false });
    if (status !== undefined && isAbandoned(token, status.mtimeMs)) await removeTree(host, path);
  }
}

async function withLock<T>(
  host: Host,
  images: string,
  name: string,
  signal: AbortSignal | undefined,
  action: () => Promise<T>,
): Promise<T> {
  const path = `${images}/.lock-${name}`;
  let lock: Lock;
  try {
    host.files.makeDirectory(dirname(images), 0o755);
    host.files.makeDirectory(images, 0o700);
    // Also where it was there already.
    await chmod(images, 0o700);
    lock = await waitForLock(host, path, {
      patienceMs,
      signal,
      onWait: (holder) => {
        host.log.info(`waiting for process ${holder?.pid ?? '?'}, which is making ${name}`);
      },
    });
  } catch (error) {
    throw fileFailure(error, path);
  }
  try {
    return await action();
  } finally {
    lock.release();
  }
}
