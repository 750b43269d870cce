import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fields, listOf, ofType, oneOf } from '../../core/document-shape.ts';
import { parseJson } from '../../core/json.ts';
import { decodeUtf8 } from '../../core/text.ts';
import { fileFailure } from '../../host/file-failure.ts';
import type { Host } from '../../host/host.ts';
import { acquireLock, tryLock, type Lock } from '../../host/lock.ts';
import { ignoring } from '../../host/system-error.ts';
import { digestOf, isAbandoned, ownToken } from '../../store/index.ts';
import { throwIfCancelled } from '../../transfer/index.ts';
import { removeTree } from './remove-tree.ts';
import { imagesDirectory } from '../places.ts';
import type { BaseImage } from '../record.ts';

/** `image.json` beside a disk that was made here. Paths are names in its directory. */
interface KeptImage {
  readonly schema: 'anyarch/machine-image/1';
  readonly disk: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly origin: string;
  readonly cloudInit: 'yes' | 'no';
  /** Only where disks do not start by themselves. */
  readonly kernel?: { readonly file: string; readonly initrd: string; readonly parameters: string };
  /** What it is made of, for people. */
  readonly notes: readonly string[];
}

/** What a maker has put into its directory. */
export type MadeImage = Pick<KeptImage, 'bytes' | 'cloudInit' | 'disk' | 'kernel' | 'notes' | 'origin'>;

const text = ofType('string');
const shape = fields({
  schema: oneOf('anyarch/machine-image/1'),
  disk: text,
  sha256: text,
  bytes: ofType('number'),
  origin: text,
  cloudInit: oneOf('yes', 'no'),
  'kernel?': fields({ file: text, initrd: text, parameters: text }),
  notes: listOf(text),
});

/** Milliseconds between two attempts to get the lock. */
const pauseMs = 500;
/** Disks take minutes, on slow machines an hour. */
const patienceMs = 2 * 3600_000;

export interface KeepOptions {
  readonly signal?: AbortSignal | undefined;
  /** Take no notice of one that is there. */
  readonly isRenewed?: boolean | undefined;
}

/**
 * The base image of this name, made now unless it is there. It is complete or not there, whatever interrupts the work; two
 * commands that want the same wait for each other. It becomes read-only.
 *
 * @param name says all that the image depends on
 * @param make writes into the directory that it is given, which is gone when it fails
 * @throws AnyarchError ANYARCH_LOCKED, ANYARCH_CANCELLED, ANYARCH_DISK_FULL, ANYARCH_PERMISSION, and what `make` throws
 */
export async function keepImage(
  host: Host,
  name: string,
  { signal, isRenewed }: KeepOptions,
  make: (directory: string) => Promise<MadeImage>,
): Promise<BaseImage> {
  const images = imagesDirectory(host.system);
  const place = `${images}/${name}`;
  const known = isRenewed === true ? undefined : readKept(host, place);
  if (known !== undefined) return known;
  return await withLock(host, images, name, signal, async () => {
    await clearAbandoned(host, images);
    const madeMeanwhile = isRenewed === true ? undefined : readKept(host, place);
    if (madeMeanwhile !== undefined) return madeMeanwhile;
    const making = `${images}/.making-${ownToken()}.${randomBytes(4).toString('hex')}`;
    try {
      await mkdir(making, { mode: 0o700 });
      await seal(making, await make(making));
      // Machines have overlays over the one that was there: it stays under a name of its own.
      if (fs.existsSync(place)) await rename(place, `${place}.before-${host.clock.now().toString(36)}`);
      await rename(making, place);
    } catch (error) {
      throw fileFailure(error, making);
    } finally {
      await removeTree(host, making);
    }
    const kept = readKept(host, place);
    if (kept === undefined) throw new Error(`${place} was made and cannot be read`);
    return kept;
  });
}

/** The image that is there; one whose files were taken away counts as none. */
export function readKept({ files }: Pick<Host, 'files'>, place: string): BaseImage | undefined {
  const content = ignoring(['ENOENT', 'ENOTDIR'], () => decodeUtf8(files.read(`${place}/image.json`)));
  if (content === undefined) return undefined;
  const value = parseJson(content);
  if (shape(value, '') !== undefined) return undefined;
  const { disk, sha256, bytes, origin, cloudInit, kernel } = value as KeptImage;
  const names = [disk, ...(kernel === undefined ? [] : [kernel.file, kernel.initrd])];
  if (names.some((one) => one.includes('/') || files.status(`${place}/${one}`)?.kind !== 'file'))
    return undefined;
  return {
    file: `${place}/${disk}`,
    format: 'qcow2',
    ...{ sha256, bytes, origin, cloudInit },
    boot:
      kernel === undefined
        ? { kind: 'firmware' }
        : {
            kind: 'kernel',
            kernel: `${place}/${kernel.file}`,
            initrd: `${place}/${kernel.initrd}`,
            parameters: kernel.parameters,
          },
  };
}

async function seal(directory: string, made: MadeImage): Promise<void> {
  const disk = `${directory}/${made.disk}`;
  const sha256 = await digestOf(disk);
  if (sha256 === undefined) throw new Error(`${disk} was to be made`);
  const document: KeptImage = { schema: 'anyarch/machine-image/1', sha256, ...made };
  for (const name of fs.readdirSync(directory)) await chmod(`${directory}/${name}`, 0o444);
  await writeFile(`${directory}/image.json`, `${JSON.stringify(document, undefined, 1)}\n`, {
    flag: 'wx',
    mode: 0o444,
    flush: true,
  });
  await chmod(directory, 0o755);
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
    host.files.makeDirectory(images, 0o755);
    lock = await waitFor(host, path, name, signal);
  } catch (error) {
    throw fileFailure(error, path);
  }
  try {
    return await action();
  } finally {
    lock.release();
  }
}

async function waitFor(
  host: Host,
  path: string,
  name: string,
  signal: AbortSignal | undefined,
): Promise<Lock> {
  const deadline = host.clock.monotonic() + patienceMs;
  for (let hasTold = false; host.clock.monotonic() < deadline; hasTold = true) {
    const attempt = tryLock(host, path);
    if ('release' in attempt) return attempt;
    if (!hasTold) host.log.info(`waiting for process ${attempt.heldBy?.pid ?? '?'}, which is making ${name}`);
    throwIfCancelled(signal);
    await pause(pauseMs);
  }
  return acquireLock(host, path, { waitMs: 0 });
}
