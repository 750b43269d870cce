import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { digestOf } from '../../store/index.ts';
import { shown } from '../../transfer/index.ts';
import type { MachineDefinition } from '../definition/definition.ts';
import { keepDirectory } from '../disk/kept-directory.ts';
import { copySparse } from '../life/copy-sparse.ts';
import { imagesDirectory } from '../places.ts';
import type { BaseImage } from '../record.ts';
import { checkWithQemu, type ImageTool } from './check-with-qemu.ts';
import { decompressDisk } from './decompress.ts';
import { fileSource } from './file-source.ts';
import { formatOf } from './format.ts';
import { checkSuits, inspectDisk } from './inspect-disk.ts';
import { readStored, sealStored, storedName } from './stored-image.ts';
import { expectedOf, type Expected, type TrustOptions } from './trust/expected.ts';
import type { KnownDigest } from './trust/sums.ts';
import { checkWebAddress, isWebAddress, nameOf } from './web-address.ts';
import { openWeb, type Web, type WebOptions } from './web.ts';

export interface CloudImageOptions extends TrustOptions, WebOptions {
  /** What the image must suit. */
  readonly definition: Pick<MachineDefinition, 'architecture' | 'boots' | 'name'>;
  /** `qemu-img`, which checks what was obtained for the first time. */
  readonly imageTool?: ImageTool | undefined;
  /** Only what was downloaded before. */
  readonly noFetch?: boolean | undefined;
}

/** Bytes. Debian's list has 100 KB. */
const maximumListBytes = 4 << 20;

/**
 * A cloud image as a base for machines: a copy of our own, read-only, named by its content.
 *
 * @param image a file, absolute, or a URL of http or https
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_DISK_INVALID, ANYARCH_DISK_ARCHITECTURE, ANYARCH_DISK_UNVERIFIED, ANYARCH_DIGEST_MISMATCH,
 *   ANYARCH_SIGNATURE_INVALID, ANYARCH_DOWNLOAD_FAILED, ANYARCH_DISK_FULL, ANYARCH_FILE, ANYARCH_CANCELLED
 */
export async function obtainCloudImage(
  host: Host,
  image: string,
  options: CloudImageOptions,
): Promise<BaseImage> {
  checkWebAddress(image);
  const isRemote = isWebAddress(image);
  if (isRemote && options.noFetch === true) return suited(host, knownImage(host, image), image, options);
  const web = openedWhenNeeded(host, options);
  try {
    const read = async (place: string): Promise<Uint8Array | undefined> =>
      isWebAddress(place)
        ? await (await web.open()).small(place, maximumListBytes)
        : ignoring(['ENOENT', 'ENOTDIR'], () => host.files.read(place));
    if (!isRemote) refuseWrongDisk(host, image, options.definition);
    const isThere = async (url: string): Promise<boolean> => await (await web.open()).isThere(url);
    const expected = await expectedOf(image, options, { read, isThere, nowMs: host.clock.now() });
    const base = isRemote
      ? await keepRemote(host, image, expected, await web.open(), options)
      : await keepLocal(host, image, expected, options);
    tell(host, image, expected, isRemote);
    return suited(host, base, image, options);
  } finally {
    await web.close();
  }
}

function tell({ log }: Host, image: string, { digest, said }: Expected, isRemote: boolean): void {
  const line = `${nameOf(image)}: ${said}`;
  if (digest !== undefined) log.info(line);
  else if (isRemote) log.warn(line);
  if (/^debian-\d+-nocloud-/.test(nameOf(image)))
    log.warn(
      `${nameOf(image)}: Debian's images called "nocloud" have no cloud-init: nobody can log in; take "genericcloud"`,
    );
}

/** @throws AnyarchError ANYARCH_DISK_INVALID, ANYARCH_DISK_ARCHITECTURE */
function suited(host: Host, base: BaseImage, image: string, { definition }: CloudImageOptions): BaseImage {
  checkSuits(inspectDisk(host.files, base.file, shown(image)), definition, shown(image));
  return base;
}

function knownImage(host: Host, url: string): BaseImage {
  const known = imagesOf(host).find(({ origin }) => origin === shown(url));
  if (known !== undefined) return known;
  throw new AnyarchError('ANYARCH_DOWNLOAD_FAILED', `${shown(url)} was not downloaded before`, {
    hint: 'without --no-fetch it is downloaded now',
    details: { url: shown(url) },
  });
}

function imagesOf({ files, system }: Host): BaseImage[] {
  const images = imagesDirectory(system);
  const names = ignoring(['ENOENT'], () => files.list(images)) ?? [];
  return names.flatMap((name) => readStored(files, `${images}/${name}`) ?? []);
}

async function keepRemote(
  host: Host,
  url: string,
  expected: Expected,
  web: Web,
  options: CloudImageOptions,
): Promise<BaseImage> {
  const { digest } = expected;
  return await keepDirectory(host, {
    name: storedName(digest ?? { algorithm: 'url', hex: createHash('sha256').update(url).digest('hex') }),
    signal: options.signal,
    // What nobody vouches for may have changed since.
    isRenewed: digest === undefined,
    read: (directory) => readStored(host.files, directory),
    make: async (directory) => {
      const path = `${directory}/download`;
      const parts = `${imagesDirectory(host.system)}/.downloads`;
      const isContinued = await web.download(url, path, parts, digest !== undefined);
      if (digest !== undefined && !(await isRight(path, digest))) {
        await rm(path);
        if (!isContinued) throw mismatch(shown(url), digest);
        host.log.warn(`${nameOf(url)}: what an interrupted download left is damaged; starting again`);
        await web.download(url, path, parts, true);
        if (!(await isRight(path, digest))) throw mismatch(shown(url), digest);
      }
      await finish(host, { directory, path, origin: shown(url), expected, options });
    },
  });
}

async function keepLocal(
  host: Host,
  image: string,
  expected: Expected,
  options: CloudImageOptions,
): Promise<BaseImage> {
  const hex = (await digestOf(image)) ?? '';
  if (expected.digest !== undefined && !(await isRight(image, expected.digest)))
    throw mismatch(image, expected.digest);
  const digest: KnownDigest = { algorithm: 'sha256', hex };
  return await keepDirectory(host, {
    name: storedName(digest),
    signal: options.signal,
    read: (directory) => readStored(host.files, directory),
    make: async (directory) => {
      const path = `${directory}/download`;
      copySparse(image, path);
      if ((await digestOf(path)) !== hex)
        throw new AnyarchError('ANYARCH_DISK_INVALID', `${image} changes while it is read`, {
          hint: 'stop the machine that runs from it',
          details: { disk: image },
        });
      await finish(host, { directory, path, origin: image, expected, options });
    },
  });
}

interface Arrived {
  readonly directory: string;
  readonly path: string;
  readonly origin: string;
  readonly expected: Expected;
  readonly options: CloudImageOptions;
}

async function finish(host: Host, { directory, path, origin, expected, options }: Arrived): Promise<void> {
  const format = formatOf(fileSource(host.files, path));
  const disk = `${directory}/disk`;
  if (format.kind === 'compressed') {
    await decompressDisk(path, disk, format.ending, options);
    await rm(path);
  } else {
    await rename(path, disk);
  }
  const inspected = inspectDisk(host.files, disk, origin);
  if (options.imageTool !== undefined) checkWithQemu(host, options.imageTool, disk, inspected.format, origin);
  await sealStored(directory, { ...inspected, origin, said: expected.said });
}

/**
 * What a file tells by itself, before anything is fetched or copied for it.
 *
 * @throws AnyarchError ANYARCH_FILE, ANYARCH_DISK_INVALID, ANYARCH_DISK_ARCHITECTURE
 */
export function refuseWrongDisk(
  { files }: Pick<Host, 'files'>,
  path: string,
  definition: CloudImageOptions['definition'],
): void {
  const status = files.status(path);
  if (status?.kind !== 'file')
    throw new AnyarchError('ANYARCH_FILE', `${path} is ${status === undefined ? 'not there' : 'no file'}`, {
      hint: '--image takes "debian", a file, a URL or oci:REFERENCE',
      details: { path },
    });
  if (formatOf(fileSource(files, path)).kind !== 'compressed')
    checkSuits(inspectDisk(files, path, path), definition, path);
}

async function isRight(path: string, { algorithm, hex }: KnownDigest): Promise<boolean> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>)
    hash.update(chunk);
  return hash.digest('hex') === hex;
}

function mismatch(image: string, { algorithm, hex }: KnownDigest): AnyarchError {
  return new AnyarchError('ANYARCH_DIGEST_MISMATCH', `${image} has another ${algorithm} than ${hex}`, {
    hint: 'the list may be of another version of the image, or the image was changed on its way: try again, or take a URL with a date in it',
    details: { image, [algorithm]: hex },
  });
}

function openedWhenNeeded(host: Host, options: WebOptions) {
  let opened: Promise<Web> | undefined;
  return {
    open: () => (opened ??= openWeb(host, options)),
    close: async () => {
      await (await opened)?.close();
    },
  };
}
