import { compareDebianVersions } from '../core/version.ts';
import { readFile } from 'node:fs/promises';
import { lookUpArchitecture } from '../core/architecture.ts';
import { bytesSource } from '../core/byte-source.ts';
import { debianArchitecture } from '../core/debian-architecture.ts';
import { architectureOfElf } from '../core/elf-architecture.ts';
import { readElf } from '../core/elf.ts';
import { AnyarchError } from '../core/error.ts';
import {
  openArchive,
  unpackDeb,
  type Archive,
  type ArchiveOptions,
  type DebianPackage,
} from '../debian/index.ts';
import type { Host } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';
import type { StoredFile } from '../host/stored-path.ts';
import { digestOf, putFile, removeAbandoned, updateDocument } from '../store/index.ts';
import { guestCataloguePath, readGuestCatalogue, type GuestItem } from './catalogue.ts';
import { findGuest } from './find.ts';
import type { Guest } from './guest.ts';
import { suitesOfGuest } from './suites.ts';

export interface FetchGuestOptions extends ArchiveOptions {
  /** Any name; `linux/arm/v5` means armel, `arm` armhf. */
  readonly architecture: string;
  /** Only this suite. Default: the newest release of Debian that has the architecture. */
  readonly suite?: string | undefined;
}

export type FetchGuestHost = Pick<Host, 'clock' | 'files' | 'log' | 'processes' | 'system'>;

/**
 * The guest of an architecture: Debian's `busybox-static`, fetched and verified like emulators are, unless the store
 * has it intact.
 *
 * @param host its `files` must be those of this machine: content is streamed past it
 * @throws AnyarchError ANYARCH_PACKAGE_NOT_FOUND where Debian has none; what `fetchEmulators` throws
 */
export async function fetchGuest(host: FetchGuestHost, options: FetchGuestOptions): Promise<Guest> {
  const debian = debianArchitecture(options.architecture);
  if (debian === undefined) throw noGuest(options.architecture);
  const known = findGuest(host, debian);
  if (options.suite === undefined && known !== undefined && (await digestOf(known.path)) === known.sha256)
    return known;
  const directory = stateDirectory(host.system);
  await removeAbandoned(directory);
  const archive = await openArchive(host, options);
  try {
    const source = await selectGuest(archive, debian, options.suite);
    const stored = await store(directory, debian, await archive.download(source), source, options);
    record(host, directory, debian, source, stored);
  } finally {
    await archive.close();
  }
  const guest = findGuest(host, debian);
  if (guest === undefined) throw new Error(`the guest for ${debian} was stored and is not found`);
  return guest;
}

async function selectGuest(
  archive: Archive,
  debian: string,
  suite: string | undefined,
): Promise<DebianPackage> {
  const suites = suite === undefined ? suitesOfGuest(debian) : [suite];
  for (const one of suites) {
    const [newest] = (await archive.findPackages(one, debian, ['busybox-static'], 'some')).sort((a, b) =>
      compareDebianVersions(b.version, a.version),
    );
    if (newest !== undefined) return newest;
  }
  throw noGuest(debian);
}

/** trixie moved it with /usr. */
const busyboxPaths = ['usr/bin/busybox', 'bin/busybox'];

async function store(
  directory: string,
  debian: string,
  deb: string,
  { name, version }: DebianPackage,
  { signal, onProgress }: FetchGuestOptions,
): Promise<StoredFile> {
  let stored: StoredFile | undefined;
  const put = async (_: string, content: AsyncIterable<Uint8Array>) => {
    stored = await putFile(directory, 'busybox', content, (path) => requireStatic(path, debian));
  };
  await unpackDeb(deb, busyboxPaths, put, { signal, onProgress, subject: `${name} ${version} ${debian}` });
  if (stored === undefined) throw unusable(debian, 'the package has no busybox');
  return stored;
}

async function requireStatic(path: string, debian: string): Promise<object> {
  const elf = readElf(bytesSource(await readFile(path)));
  if (architectureOfElf(elf) !== lookUpArchitecture(debian)) {
    throw unusable(debian, 'it is for another architecture');
  }
  if (elf.linkage !== 'static' && elf.linkage !== 'static-pie') {
    throw unusable(debian, `it is no static program (${elf.linkage})`);
  }
  return {};
}

function record(
  host: FetchGuestHost,
  directory: string,
  debian: string,
  source: DebianPackage,
  stored: StoredFile,
): void {
  const { name, version, architecture, sha256, suite } = source;
  const item: GuestItem = {
    ...stored,
    packageVersion: version,
    suite,
    package: { name, architecture, sha256 },
    fetchedAt: new Date(host.clock.now()).toISOString(),
  };
  updateDocument(
    host,
    guestCataloguePath(directory),
    () => readGuestCatalogue(host.files, directory),
    ({ schema, guests }) => ({ schema, guests: { ...guests, [debian]: item } }),
  );
}

function noGuest(architecture: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_PACKAGE_NOT_FOUND',
    `Debian's archive has no busybox-static for ${architecture}`,
    {
      hint: 'bring a root file system of your own: anyarch run --rootfs DIR',
      details: { architecture },
    },
  );
}

function unusable(debian: string, what: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_ARCHIVE_INVALID',
    `Debian's busybox for ${debian} cannot be used: ${what}`,
  );
}
