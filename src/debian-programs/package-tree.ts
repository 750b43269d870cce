import * as fs from 'node:fs';
import { type IndexedPackage, type Offers, unpackTree } from '../debian/index.ts';
import { ownToken } from '../store/index.ts';
import type { OnProgress } from '../transfer/index.ts';
import type { ProgramPlaces } from './places.ts';

export interface UnpackingOptions {
  readonly places: ProgramPlaces;
  readonly offers: Pick<Offers, 'download'>;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** Downloads at a time: mirrors limit what one connection gets, and packages are small. */
const width = 4;

/**
 * Unpacks each package into a directory of its own, unless it is there. A directory has its name only when it is complete.
 *
 * @throws AnyarchError what downloading and `unpackTree` throw
 */
export async function unpackPackages(
  packages: readonly IndexedPackage[],
  options: UnpackingOptions,
): Promise<void> {
  const queue = packages.filter(({ sha256 }) => !fs.existsSync(options.places.packageTree(sha256)));
  const failures: unknown[] = [];
  const worker = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) {
      await unpackPackage(one, options).catch((error: unknown) => {
        failures.push(error);
        queue.length = 0;
      });
    }
  };
  // Nobody goes on writing when this has ended.
  await Promise.all(Array.from({ length: width }, worker));
  if (failures.length > 0) throw failures[0];
}

async function unpackPackage(one: IndexedPackage, options: UnpackingOptions): Promise<void> {
  const { places, offers, signal, onProgress } = options;
  const deb = await offers.download(one);
  const making = `${places.making}/${ownToken()}.${one.sha256.slice(0, 16)}`;
  const place = places.packageTree(one.sha256);
  fs.rmSync(making, { recursive: true, force: true });
  fs.mkdirSync(making, { recursive: true, mode: 0o755 });
  try {
    await unpackTree(deb, making, {
      wants: isNeeded,
      signal,
      onProgress,
      subject: `${one.name} ${one.version}`,
    });
    fs.mkdirSync(places.packageTree('.'), { recursive: true, mode: 0o755 });
    fs.renameSync(making, place);
  } finally {
    fs.rmSync(making, { recursive: true, force: true });
  }
}

/**
 * What only people read, other languages, and firmware of 64 MB each with keys that nobody asked for: machines start from the
 * plain one.
 */
const unneeded = [
  /^usr\/share\/(doc|man|info|locale|lintian|bug|icons|menu|bash-completion|applications)\//,
  /^usr\/lib\/debug\//,
  /^usr\/share\/(AAVMF|AAVMF32|OVMF|qemu-efi-[a-z0-9]+)\/.*((?<!no-)secboot|strictnx|snakeoil|\.ms\.)/,
];

function isNeeded(path: string): boolean {
  return !unneeded.some((pattern) => pattern.test(path));
}
