import { findArchitecture, lookUpArchitecture } from '../core/architecture.ts';
import { debianArchitecture } from '../core/debian-architecture.ts';
import { AnyarchError } from '../core/error.ts';
import { openArchive, type ArchiveOptions, type DebianPackage } from '../debian/index.ts';
import type { Host } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { removeAbandoned } from '../store/index.ts';
import type { CatalogueItem } from './catalogue.ts';
import { isVersion, type Emulator } from './emulator.ts';
import { emulatorOf, findIntact, useItems, type Items } from './items.ts';
import { selectPackage } from './select-package.ts';
import { unpackEmulators, type Unpacked } from './unpack.ts';

export interface FetchOptions extends ArchiveOptions {
  /** Names of any kind. */
  readonly targets: readonly string[];
  /** Only this suite. Default: the first that offers a tested version. */
  readonly suite?: string | undefined;
  /** QEMU's version or the beginning of it: `11.1`; or a package's whole version. */
  readonly version?: string | undefined;
  /** `uname -m` of the host that the emulators shall run on. Default: this one. */
  readonly machine?: string | undefined;
  /** Where the store is. Default: the state directory; another one leaves what this machine uses as it is. */
  readonly directory?: string | undefined;
}

export type FetchHost = Pick<Host, 'clock' | 'files' | 'log' | 'processes' | 'system'>;

export type FetchResult =
  | { readonly target: string; readonly outcome: 'fetched' | 'present'; readonly emulator: Emulator }
  | { readonly target: string; readonly outcome: 'failed'; readonly error: AnyarchError };

export interface FetchReport {
  /** The state directory. */
  readonly directory: string;
  /** Undefined when the archive did not have to be asked. */
  readonly mirror: string | undefined;
  readonly package: DebianPackage | undefined;
  /** In the order of the wanted targets. */
  readonly results: readonly FetchResult[];
  readonly warnings: readonly string[];
}

/**
 * Brings emulators from Debian into the store and makes them the ones in use. Targets fail one by one; what concerns
 * all of them is thrown. Can be repeated and interrupted at any time, and run several times at once.
 *
 * @param host its `files` must be those of this machine: content is streamed past it
 * @throws AnyarchError ANYARCH_UNKNOWN_ARCHITECTURE, ANYARCH_MIRROR_UNKNOWN, ANYARCH_DOWNLOAD_FAILED,
 *   ANYARCH_SIGNATURE_INVALID, ANYARCH_RELEASE_EXPIRED, ANYARCH_DIGEST_MISMATCH, ANYARCH_PACKAGE_NOT_FOUND,
 *   ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_LOCKED, ANYARCH_CANCELLED
 */
export async function fetchEmulators(host: FetchHost, options: FetchOptions): Promise<FetchReport> {
  const targets = [...new Set(options.targets.map((name) => findArchitecture(name).name))];
  const directory = options.directory ?? stateDirectory(host.system);
  const architecture = hostArchitecture(options.machine ?? host.system.machine);
  await removeAbandoned(directory);
  const nothing = { items: new Map(), errors: new Map(), failure: undefined };
  const pinned = await findPinned(host, directory, targets, architecture, options);
  if (pinned.size === targets.length) {
    useItems(host, directory, pinned);
    const results = resultsOf(host, directory, targets, pinned, nothing);
    return { directory, mirror: undefined, package: undefined, results, warnings: [] };
  }

  const archive = await openArchive(host, options);
  try {
    const { suite, version } = options;
    const { package: source, tested } = await selectPackage(archive, { architecture, suite, version });
    const warnings = tested
      ? []
      : [`${source.name} ${source.version} has not passed the tests of this version of anyarch`];
    for (const warning of warnings) host.log.warn(warning);
    const present = await findIntact(
      host.files,
      directory,
      targets,
      (item) => item.package.sha256 === source.sha256 && isOfVersion(item, version),
    );
    const missing = targets.filter((target) => !present.has(target));
    const unpacking = { directory, source, clock: host.clock, version, progress: options };
    const unpacked =
      missing.length === 0
        ? nothing
        : await unpackEmulators({ ...unpacking, deb: await archive.download(source) }, missing);
    useItems(host, directory, new Map([...present, ...unpacked.items]));
    if (unpacked.failure?.code === 'ANYARCH_CANCELLED') throw unpacked.failure;
    const results = resultsOf(host, directory, targets, present, unpacked, source);
    return { directory, mirror: archive.mirror, package: source, results, warnings };
  } finally {
    await archive.close();
  }
}

function hostArchitecture(machine: string): string {
  const architecture = lookUpArchitecture(machine) === undefined ? undefined : debianArchitecture(machine);
  if (architecture !== undefined) return architecture;
  throw new AnyarchError('ANYARCH_PACKAGE_NOT_FOUND', `Debian has no emulators for ${machine} hosts`, {
    hint: 'build QEMU and name it: --qemu PATH',
  });
}

/** With a pinned version and nothing missing there is nothing to ask an archive for. */
async function findPinned(
  { files }: FetchHost,
  directory: string,
  targets: readonly string[],
  architecture: string,
  { version, suite }: FetchOptions,
): Promise<Items> {
  if (version === undefined) return new Map();
  const isFor = (item: CatalogueItem) =>
    item.package.architecture === architecture && (suite === undefined || item.suite === suite);
  return await findIntact(files, directory, targets, (item) => isOfVersion(item, version) && isFor(item));
}

function isOfVersion(item: CatalogueItem, wanted: string | undefined): boolean {
  return wanted === undefined || item.packageVersion === wanted || isVersion(item.version, wanted);
}

function resultsOf(
  { files }: FetchHost,
  directory: string,
  targets: readonly string[],
  present: Items,
  { items, errors, failure }: Unpacked,
  source?: DebianPackage,
): FetchResult[] {
  return targets.map((target): FetchResult => {
    const item = present.get(target) ?? items.get(target);
    if (item !== undefined) {
      return {
        target,
        outcome: present.has(target) ? 'present' : 'fetched',
        emulator: emulatorOf(files, directory, target, item),
      };
    }
    return {
      target,
      outcome: 'failed',
      error: errors.get(target) ?? failure ?? notInPackage(target, source),
    };
  });
}

function notInPackage(target: string, source: DebianPackage | undefined): AnyarchError {
  const what = `${source?.name ?? ''} ${source?.version ?? ''}`;
  return new AnyarchError('ANYARCH_PACKAGE_NOT_FOUND', `${what} has no emulator for ${target}`, {
    hint: 'another version may have it: --suite SUITE or --version VERSION',
    details: { target, package: what },
  });
}
