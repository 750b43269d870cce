import { AnyarchError } from '../core/error.ts';
import {
  openArchive,
  type Archive,
  type ArchiveHost,
  type ArchiveOptions,
  type FoundIndex,
} from './archive.ts';
import type { IndexedPackage, PackageIndex } from './package-index.ts';

export interface OffersOptions extends ArchiveOptions {
  /** URL of a mirror with a date in its path: asked for versions that the mirror has not any more. What it has signed may be old. */
  readonly snapshot?: string | undefined;
}

/** Everything that a release's suites offer, on one or two mirrors. */
export interface Offers {
  /** Suites that no mirror has: `trixie-security` is often on another one. */
  readonly missingSuites: readonly string[];
  /** Without credentials. */
  readonly mirrors: readonly string[];
  /** Digests of the lists of packages of architectures: what an answer depends on. */
  digests(architectures: readonly string[]): Promise<readonly string[]>;
  /** All packages for an architecture, versions of all suites together. */
  readAll(architecture: string): Promise<PackageIndex>;
  /** The path of the verified .deb. */
  download(wanted: IndexedPackage): Promise<string>;
  close(): Promise<void>;
}

/** What belongs to a release beside itself. */
const parts = ['', '-updates', '-security'];

/**
 * @throws AnyarchError what `openArchive` and its releases throw; ANYARCH_PACKAGE_NOT_FOUND where no mirror has the suite itself
 */
export async function openOffers(host: ArchiveHost, suite: string, options: OffersOptions): Promise<Offers> {
  const archives: Archive[] = [];
  try {
    archives.push(await openArchive(host, options));
    if (options.snapshot !== undefined)
      archives.push(await openArchive(host, { ...options, mirror: options.snapshot, allowExpired: true }));
    const there: { readonly archive: Archive; readonly suite: string }[] = [];
    for (const archive of archives)
      for (const part of parts)
        if (await hasSuite(archive, suite + part, part !== '')) there.push({ archive, suite: suite + part });
    return offersOf(archives, there, suite);
  } catch (error) {
    await closeAll(archives);
    throw error;
  }
}

/** @param isOptional a mirror need not have the suite, or an up-to-date one of that name */
async function hasSuite(archive: Archive, suite: string, isOptional: boolean): Promise<boolean> {
  try {
    await archive.release(suite);
    return true;
  } catch (error) {
    if (isOptional && error instanceof AnyarchError && error.code === 'ANYARCH_PACKAGE_NOT_FOUND')
      return false;
    throw error;
  }
}

function offersOf(
  archives: readonly Archive[],
  there: readonly { readonly archive: Archive; readonly suite: string }[],
  suite: string,
): Offers {
  const origins = new WeakMap<IndexedPackage, Archive>();
  const indices = async (architecture: string) => {
    const found: { readonly archive: Archive; readonly index: FoundIndex }[] = [];
    for (const one of there) {
      const index = await one.archive.findIndex(one.suite, architecture);
      if (index !== undefined) found.push({ archive: one.archive, index });
    }
    if (found.length === 0)
      throw new AnyarchError('ANYARCH_PACKAGE_NOT_FOUND', `${suite} has no packages for ${architecture}`, {
        details: { suite, architecture },
      });
    return found;
  };
  return {
    missingSuites: parts
      .map((part) => suite + part)
      .filter((name) => !there.some((one) => one.suite === name)),
    mirrors: archives.map(({ mirror }) => mirror),
    digests: async (architectures) => {
      const digests: string[] = [];
      for (const architecture of architectures)
        for (const { index } of await indices(architecture)) digests.push(index.sha256);
      return digests;
    },
    readAll: async (architecture) => {
      const read: { readonly archive: Archive; readonly packages: PackageIndex }[] = [];
      for (const { archive, index } of await indices(architecture))
        read.push({ archive, packages: await index.read() });
      const known = new Map<string, readonly IndexedPackage[]>();
      return {
        find: (name) => {
          const found =
            known.get(name) ??
            read.flatMap(({ archive, packages }) => packages.find(name).map((one) => originOf(one, archive)));
          known.set(name, found);
          return found;
        },
      };
    },
    download: async (wanted) => {
      const archive = origins.get(wanted);
      if (archive === undefined) throw new Error(`${wanted.name} is of no archive that was read`);
      return await archive.download(wanted);
    },
    close: () => closeAll(archives),
  };

  function originOf(one: IndexedPackage, archive: Archive): IndexedPackage {
    origins.set(one, archive);
    return one;
  }
}

async function closeAll(archives: readonly Archive[]): Promise<void> {
  for (const archive of archives) await archive.close();
}
