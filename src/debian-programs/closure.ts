import { AnyarchError } from '../core/error.ts';
import { compareDebianVersions } from '../core/version.ts';
import type { IndexedPackage, PackageIndex } from '../debian/index.ts';

/**
 * Packages whose programs run when a system is set up, and never when a program is only started. What depends on them needs
 * them for its scripts, which are not run here.
 */
const forSettingUp = new Set([
  'adduser',
  'debconf',
  'dpkg',
  'init-system-helpers',
  'install-info',
  'libpam-modules',
  'libpam-runtime',
  'login.defs',
  'openssl-provider-legacy',
  'passwd',
  'sgml-base',
  'systemd',
  'tzdata',
  'ucf',
  'udev',
]);

/** Where packages are looked for, for messages. */
export interface Subject {
  readonly suite: string;
  readonly architecture: string;
}

/**
 * The named packages with everything that they depend on, newest versions; of alternatives the first that is already taken,
 * else the first that there is. What is only virtual is left out: whether a program finds its libraries is looked at later.
 *
 * @throws AnyarchError ANYARCH_PACKAGE_NOT_FOUND for a named one that is not there
 */
export function packagesFor(
  names: readonly string[],
  index: PackageIndex,
  subject: Subject,
): IndexedPackage[] {
  const taken = new Map<string, IndexedPackage>();
  const visit = (one: IndexedPackage): void => {
    if (taken.has(one.name)) return;
    taken.set(one.name, one);
    for (const alternatives of one.dependencies) {
      if (alternatives.some((name) => taken.has(name) || forSettingUp.has(name))) continue;
      const chosen = alternatives.map((name) => newest(index, name)).find((found) => found !== undefined);
      if (chosen !== undefined) visit(chosen);
    }
  };
  const wanted = names.map((name) => newestOf(name, index, subject));
  wanted.forEach(visit);
  return [...taken.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** @throws AnyarchError ANYARCH_PACKAGE_NOT_FOUND */
export function newestOf(name: string, index: PackageIndex, subject: Subject): IndexedPackage {
  const found = newest(index, name);
  if (found !== undefined) return found;
  throw new AnyarchError(
    'ANYARCH_PACKAGE_NOT_FOUND',
    `${subject.suite} has no package ${name} for ${subject.architecture}`,
    {
      hint: 'another suite may have it; suites are called for example trixie or trixie-backports',
      details: { package: name, ...subject },
    },
  );
}

function newest(index: PackageIndex, name: string): IndexedPackage | undefined {
  return index
    .find(name)
    .toSorted((a, b) => compareDebianVersions(b.version, a.version))
    .at(0);
}
