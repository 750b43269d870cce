import { findArchitecture, lookUpArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import { decodeUtf8 } from '../../core/text.ts';
import { parseStanza, type Stanza } from '../../debian/index.ts';
import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';
import type { GuestFacts } from './guest-facts.ts';

type ReadFiles = Pick<Files, 'read' | 'list' | 'resolve' | 'status'>;

/**
 * What the root file system of a guest says about its packages. Nothing in it is believed but names and versions: programs
 * are known by what Debian has signed.
 *
 * @param root absolute path
 * @param name for people
 * @throws AnyarchError ANYARCH_GUEST_UNKNOWN when it is no Debian or tells too little
 */
export function rootGuest(files: ReadFiles, root: string, name: string): GuestFacts {
  const packages = statusFiles(files, root).flatMap(installedPackages);
  if (packages.length === 0)
    throw unknown(name, 'it has no list of installed packages (var/lib/dpkg/status)', { root });
  const release = osRelease(files, root);
  const suite = release.get('VERSION_CODENAME') ?? suiteInSources(files, root);
  if (suite === undefined || !/^[a-z][a-z0-9-]*$/.test(suite))
    throw unknown(
      name,
      'neither os-release nor the sources of apt name its release (sid and testing have none)',
      {
        root,
      },
    );
  const debian = nativeArchitecture(files, root, packages);
  if (debian === undefined || lookUpArchitecture(debian) === undefined)
    throw unknown(name, `nothing tells its architecture (${debian ?? 'no package is named dpkg'})`, { root });
  return {
    name,
    architecture: findArchitecture(debian),
    debian,
    distribution: release.get('ID') ?? 'debian',
    suite,
    installed: new Map(
      packages
        .filter((one) => one.architecture === debian || one.architecture === 'all')
        .map((one) => [one.name, one.version]),
    ),
  };
}

interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
}

/** Distroless images have a file for each package. */
function statusFiles(files: ReadFiles, root: string): string[] {
  const whole = readInside(files, root, 'var/lib/dpkg/status');
  const directory = `${root}/var/lib/dpkg/status.d`;
  const names = isInside(files, root, directory) ? ignoring(['ENOTDIR'], () => files.list(directory)) : [];
  const parts = (names ?? [])
    .filter((name) => !name.endsWith('.md5sums'))
    .map((name) => readInside(files, root, `var/lib/dpkg/status.d/${name}`));
  return [whole, ...parts].filter((text) => text !== undefined);
}

function installedPackages(status: string): InstalledPackage[] {
  return status
    .split(/\n\n+/)
    .map((text) => parseStanza(text))
    .filter(isInstalled)
    .flatMap((stanza) => {
      const [name, version, architecture] = ['package', 'version', 'architecture'].map((one) =>
        stanza.get(one),
      );
      return name === undefined || version === undefined || architecture === undefined
        ? []
        : [{ name, version, architecture }];
    });
}

/** Distroless images leave the field out. */
function isInstalled(stanza: Stanza): boolean {
  const status = stanza.get('status');
  return status === undefined || /\sinstalled$/.test(status) || status.endsWith(' unpacked');
}

function nativeArchitecture(
  files: ReadFiles,
  root: string,
  packages: readonly InstalledPackage[],
): string | undefined {
  const chosen = readInside(files, root, 'var/lib/dpkg/arch')?.split('\n')[0]?.trim();
  if (chosen !== undefined && chosen !== '') return chosen;
  const named = ['dpkg', 'libc6', 'base-files'].map((name) => packages.find((one) => one.name === name));
  return named.find((one) => one !== undefined && one.architecture !== 'all')?.architecture;
}

function osRelease(files: ReadFiles, root: string): ReadonlyMap<string, string> {
  const text = readInside(files, root, 'usr/lib/os-release') ?? readInside(files, root, 'etc/os-release');
  return new Map(
    [...(text ?? '').matchAll(/^([A-Z_]+)=["']?([^"'\n]*)["']?$/gm)].map(
      ([, key = '', value = '']) => [key, value] as const,
    ),
  );
}

/** `deb URL SUITE main` and `Suites: SUITE`: the first that is no part of another one. */
function suiteInSources(files: ReadFiles, root: string): string | undefined {
  const directory = `${root}/etc/apt/sources.list.d`;
  const names = isInside(files, root, directory) ? ignoring(['ENOTDIR'], () => files.list(directory)) : [];
  const texts = [
    'etc/apt/sources.list',
    ...(names ?? []).map((name) => `etc/apt/sources.list.d/${name}`),
  ].map((path) => readInside(files, root, path) ?? '');
  const suites = texts.flatMap((text) => [
    ...[...text.matchAll(/^deb\s+(?:\[[^\]]*\]\s+)?\S+\s+(\S+)/gm)].map(([, suite = '']) => suite),
    ...[...text.matchAll(/^Suites:\s*(\S+)/gim)].map(([, suite = '']) => suite),
  ]);
  return suites.find((suite) => /^[a-z]+$/.test(suite));
}

/** Bytes. A status file with thousands of packages has 5 MB. */
const largestFile = 64 * 1024 * 1024;

/** Undefined for what is missing, no file, or leads out of the root. */
function readInside(files: ReadFiles, root: string, path: string): string | undefined {
  const whole = `${root}/${path}`;
  if (!isInside(files, root, whole)) return undefined;
  const status = files.status(whole);
  return status?.kind === 'file' && status.size <= largestFile ? decodeUtf8(files.read(whole)) : undefined;
}

function isInside(files: ReadFiles, root: string, path: string): boolean {
  const resolved = ignoring(['ENOENT', 'ENOTDIR', 'ELOOP'], () => files.resolve(path));
  return resolved?.startsWith(`${files.resolve(root).replace(/\/$/, '')}/`) === true;
}

function unknown(name: string, what: string, details: { readonly root: string }): AnyarchError {
  return new AnyarchError('ANYARCH_GUEST_UNKNOWN', `${name} cannot be prepared for: ${what}`, {
    hint: 'name its release and architecture instead: --suite trixie -a arm64',
    details,
  });
}
