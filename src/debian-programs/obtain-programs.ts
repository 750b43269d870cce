import * as fs from 'node:fs';
import { createHash } from 'node:crypto';
import { lookUpArchitecture } from '../core/architecture.ts';
import { debianArchitecture } from '../core/debian-architecture.ts';
import { AnyarchError } from '../core/error.ts';
import { encodeUtf8 } from '../core/text.ts';
import {
  openOffers,
  type ArchiveOptions,
  type IndexedPackage,
  type Offers,
  type PackageIndex,
} from '../debian/index.ts';
import { fileFailure } from '../host/file-failure.ts';
import type { Host } from '../host/host.ts';
import { ownToken } from '../store/index.ts';
import { newestOf, packagesFor, type Subject } from './closure.ts';
import { joinTrees } from './join-trees.ts';
import { withProgramsLock } from './lock.ts';
import { unpackPackages } from './package-tree.ts';
import { programPlaces, setFiles, type ProgramPlaces } from './places.ts';
import type { Programs } from './programs.ts';
import { readSets, type SetDocument } from './set-document.ts';
import { clearMaking } from './settle.ts';
import { unpackedPrograms } from './unpacked-programs.ts';

export interface ProgramsOptions extends ArchiveOptions {
  /** Debian's names. */
  readonly packages: readonly string[];
  /** All are looked through, and the newest version counts. Default: `trixie`. */
  readonly suites?: readonly string[] | undefined;
  /** Only what is here already. */
  readonly noFetch?: boolean | undefined;
  /** Fetch what the mirror has now, also when there is something. */
  readonly isRenewed?: boolean | undefined;
}

export type ProgramsHost = Pick<Host, 'clock' | 'files' | 'log' | 'processes' | 'system'>;

const defaultSuites = ['trixie'] as const;

/**
 * Programs of Debian's packages for this host, with all that they load: fetched, verified and unpacked once, without root and
 * without installing anything. Can be repeated and interrupted at any time.
 *
 * @param host its `files` must be those of this machine: content is streamed past it
 * @throws AnyarchError ANYARCH_PROGRAM_NOT_FOUND when they are not here and `noFetch` is set; ANYARCH_HOST_UNSUPPORTED,
 *   ANYARCH_PACKAGE_NOT_FOUND, ANYARCH_LOCKED, ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_CANCELLED and what `openOffers` throws
 */
export async function obtainPrograms(host: ProgramsHost, options: ProgramsOptions): Promise<Programs> {
  const places = programPlaces(host.system);
  const architecture = hostArchitecture(host);
  const present = () =>
    options.isRenewed === true ? undefined : findSets(host, places, architecture, options).at(0);
  const found = present();
  if (found !== undefined) return programsOf(places, found);
  if (options.noFetch === true) throw notHere(options);
  return await withProgramsLock(host, places, options.signal, async () => {
    clearMaking(places);
    // Who had the lock may have fetched the same.
    const document = present() ?? (await fetchSet(host, places, architecture, options));
    return programsOf(places, document);
  });
}

/**
 * Debian's version of one of the packages, as the archive has it now. Nothing but lists is fetched.
 *
 * @throws AnyarchError as `obtainPrograms`
 */
export async function offeredVersion(
  host: ProgramsHost,
  name: string,
  options: ProgramsOptions,
): Promise<string> {
  if (options.noFetch === true) throw notHere(options);
  return await withOffers(
    host,
    hostArchitecture(host),
    options,
    ({ index, subject }) => newestOf(name, index, subject).version,
  );
}

/** What is here already and would be taken, without asking any archive. */
export function findPrograms(
  host: Pick<Host, 'files' | 'system'>,
  options: Pick<ProgramsOptions, 'packages' | 'suites'>,
): Programs | undefined {
  return findAllPrograms(host, options).at(0);
}

/** The same, with older versions that are still here: the newest first. */
export function findAllPrograms(
  host: Pick<Host, 'files' | 'system'>,
  options: Pick<ProgramsOptions, 'packages' | 'suites'>,
): Programs[] {
  const places = programPlaces(host.system);
  return findSets(host, places, hostArchitecture(host), options).map((found) => programsOf(places, found));
}

function programsOf(places: ProgramPlaces, { digest, packages }: SetDocument): Programs {
  return unpackedPrograms({
    root: `${places.set(digest)}/${setFiles.tree}`,
    digest,
    versions: new Map(packages.map(({ name, version }) => [name, version])),
  });
}

/** Those that have all that is wanted, the newest first. */
function findSets(
  { files }: Pick<Host, 'files'>,
  places: ProgramPlaces,
  architecture: string,
  { packages, suites = defaultSuites }: Pick<ProgramsOptions, 'packages' | 'suites'>,
): SetDocument[] {
  return readSets(files, places)
    .filter(
      (one) =>
        one.architecture === architecture &&
        one.suites.join(' ') === suites.join(' ') &&
        packages.every((name) => one.wanted.includes(name)),
    )
    .toSorted((a, b) => b.madeMs - a.madeMs);
}

async function fetchSet(
  host: ProgramsHost,
  places: ProgramPlaces,
  architecture: string,
  options: ProgramsOptions,
): Promise<SetDocument> {
  const { suites = defaultSuites } = options;
  return await withOffers(host, architecture, options, async ({ index, download, subject }) => {
    const packages = packagesFor(options.packages, index, subject);
    await unpackPackages(packages, { ...options, places, offers: { download } });
    return joinSet(host, places, { architecture, suites, wanted: options.packages, packages });
  });
}

interface AllOffers {
  readonly index: PackageIndex;
  readonly download: Offers['download'];
  readonly subject: Subject;
}

async function withOffers<T>(
  host: ProgramsHost,
  architecture: string,
  options: Omit<ProgramsOptions, 'packages'>,
  action: (offers: AllOffers) => T | Promise<T>,
): Promise<T> {
  const { suites = defaultSuites } = options;
  const opened: Offers[] = [];
  try {
    for (const suite of suites) opened.push(await openOffers(host, suite, options));
    const subject = { suite: suites.join(' and '), architecture };
    return await action({ ...(await together(opened, architecture)), subject });
  } catch (error) {
    throw fileFailure(error, programPlaces(host.system).directory);
  } finally {
    for (const one of opened) await one.close();
  }
}

async function together(
  opened: readonly Offers[],
  architecture: string,
): Promise<Pick<AllOffers, 'index' | 'download'>> {
  const read: { readonly offers: Offers; readonly index: PackageIndex }[] = [];
  for (const offers of opened) read.push({ offers, index: await offers.readAll(architecture) });
  const origins = new WeakMap<IndexedPackage, Offers>();
  return {
    index: {
      find: (name) =>
        read.flatMap(({ offers, index }) =>
          index.find(name).map((one) => {
            origins.set(one, offers);
            return one;
          }),
        ),
    },
    download: async (wanted) => {
      const offers = origins.get(wanted);
      if (offers === undefined) throw new Error(`${wanted.name} is of no list that was read`);
      return await offers.download(wanted);
    },
  };
}

interface SetContent {
  readonly architecture: string;
  readonly suites: readonly string[];
  readonly wanted: readonly string[];
  readonly packages: readonly IndexedPackage[];
}

/** The set's directory has its name only when all is in it. */
function joinSet(host: ProgramsHost, places: ProgramPlaces, content: SetContent): SetDocument {
  const packages = content.packages.map(({ name, version, suite, sha256 }) => ({
    name,
    version,
    suite,
    sha256,
  }));
  const wanted = content.wanted.toSorted();
  const digest = createHash('sha256')
    .update(JSON.stringify([format, content.architecture, content.suites, wanted, packages]))
    .digest('hex')
    .slice(0, 32);
  const document: SetDocument = {
    schema: 'anyarch/programs/1',
    digest,
    architecture: content.architecture,
    suites: content.suites,
    wanted,
    packages,
    madeMs: host.clock.now(),
  };
  const making = `${places.making}/${ownToken()}.${digest.slice(0, 16)}`;
  fs.rmSync(making, { recursive: true, force: true });
  joinTrees(
    packages.map(({ sha256 }) => places.packageTree(sha256)),
    `${making}/${setFiles.tree}`,
  );
  host.files.writeAtomic(
    `${making}/${setFiles.document}`,
    encodeUtf8(`${JSON.stringify(document, null, 2)}\n`),
  );
  const place = places.set(digest);
  fs.mkdirSync(places.sets, { recursive: true, mode: 0o755 });
  // The same packages as before: programs may be running from it.
  if (readSets(host.files, places).some((one) => one.digest === digest))
    fs.rmSync(making, { recursive: true });
  else {
    fs.rmSync(place, { recursive: true, force: true });
    fs.renameSync(making, place);
  }
  return document;
}

/** Raised when sets of the same packages are laid out in another way. */
const format = 1;

function hostArchitecture({ system: { machine } }: Pick<Host, 'system'>): string {
  const architecture = lookUpArchitecture(machine) === undefined ? undefined : debianArchitecture(machine);
  if (architecture !== undefined) return architecture;
  throw new AnyarchError('ANYARCH_HOST_UNSUPPORTED', `Debian has no packages for ${machine} hosts`, {
    details: { machine },
  });
}

function notHere({ packages, suites = defaultSuites }: ProgramsOptions): AnyarchError {
  return new AnyarchError(
    'ANYARCH_PROGRAM_NOT_FOUND',
    `the programs of ${packages.join(', ')} (${suites.join(', ')}) have not been fetched`,
    {
      hint: `leave --no-fetch out, or install them: apt-get install ${packages.join(' ')}`,
      details: { packages, suites },
    },
  );
}
