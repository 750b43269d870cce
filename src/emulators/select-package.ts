import { AnyarchError } from '../core/error.ts';
import { compareDebianVersions } from '../core/version.ts';
import { upstreamVersion, type Archive, type DebianPackage } from '../debian/index.ts';
import { isVersion } from './emulator.ts';
import { defaultSuites, suitesOfHosts, testedVersions } from './tested.ts';

export interface PackageWish {
  /** Debian's name of the host's architecture. */
  readonly architecture: string;
  /** Only this suite. */
  readonly suite?: string | undefined;
  /** QEMU's version or the beginning of it, or a package's whole version. */
  readonly version?: string | undefined;
}

export interface SelectedPackage {
  readonly package: DebianPackage;
  readonly tested: boolean;
}

/**
 * The package to take emulators from: of the wanted version, else the newest that has passed our tests, else the newest.
 *
 * @throws AnyarchError ANYARCH_PACKAGE_NOT_FOUND
 */
export async function selectPackage(
  archive: Pick<Archive, 'findPackages' | 'mirror'>,
  wish: PackageWish,
): Promise<SelectedPackage> {
  const suites =
    wish.suite === undefined ? (suitesOfHosts[wish.architecture] ?? defaultSuites) : [wish.suite];
  const offered: DebianPackage[] = [];
  for (const suite of suites) {
    const found = await findIn(archive, suite, wish);
    offered.push(...found);
    const match = found.find((one) =>
      wish.version === undefined ? isTested(one) : isWanted(one, wish.version),
    );
    if (match !== undefined) return { package: match, tested: isTested(match) };
  }
  const [newest] = newestFirst(offered);
  if (newest === undefined || wish.version !== undefined) throw notFound(archive, suites, wish, offered);
  return { package: newest, tested: false };
}

/** The newest first. A mirror need not have all suites that are tried. */
async function findIn(
  archive: Pick<Archive, 'findPackages'>,
  suite: string,
  { architecture, suite: named }: PackageWish,
): Promise<DebianPackage[]> {
  try {
    const found = await archive.findPackages(suite, architecture, ['qemu-user', 'qemu-user-static']);
    return newestFirst(found.filter(holdsStaticEmulators));
  } catch (error) {
    if (named === undefined && error instanceof AnyarchError && error.code === 'ANYARCH_PACKAGE_NOT_FOUND')
      return [];
    throw error;
  }
}

/** From 9.0 on `qemu-user` is static and `qemu-user-static` a transitional package with links. */
function holdsStaticEmulators({ name, version }: DebianPackage): boolean {
  return (name === 'qemu-user') === Number(upstreamVersion(version).split('.')[0]) >= 9;
}

function newestFirst(packages: readonly DebianPackage[]): DebianPackage[] {
  return [...packages].sort((a, b) => compareDebianVersions(b.version, a.version));
}

/** bookworm's packages say 7.2 and hold 7.2.22: which one it is shows once it is unpacked. */
function isWanted({ version }: DebianPackage, wanted: string): boolean {
  const upstream = upstreamVersion(version);
  return version === wanted || isVersion(upstream, wanted) || isVersion(wanted, upstream);
}

function isTested({ version }: DebianPackage): boolean {
  const upstream = upstreamVersion(version);
  return testedVersions.some((tested) => isVersion(tested, upstream));
}

function notFound(
  { mirror }: Pick<Archive, 'mirror'>,
  suites: readonly string[],
  { architecture, version }: PackageWish,
  offered: readonly DebianPackage[],
): AnyarchError {
  const what = version === undefined ? 'no emulators' : `no emulators of version ${version}`;
  const versions = offered.map((one) => `${one.suite}: ${one.version}`);
  return new AnyarchError(
    'ANYARCH_PACKAGE_NOT_FOUND',
    `${mirror} has ${what} for ${architecture} hosts in ${suites.join(', ')}`,
    {
      hint:
        versions.length === 0 ? 'try another suite with --suite SUITE' : `there is ${versions.join(', ')}`,
      details: { suites, architecture, ...(versions.length === 0 ? {} : { offered: versions }) },
    },
  );
}
