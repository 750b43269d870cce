import { AnyarchError } from '../core/error.ts';
import { cacheDirectory } from '../host/cache-directory.ts';
import type { Host } from '../host/host.ts';
import { type OnProgress, joined, openHttp, shown, trustedCertificates } from '../transfer/index.ts';
import { pruneCache } from './cache.ts';
import { findStanzas } from './deb822.ts';
import { decompress } from './decompress.ts';
import { download, downloadSmall, type Downloader, type KnownFile } from './download.ts';
import { loadKeys } from './keyring.ts';
import { findMirror } from './mirror.ts';
import { indexPackages, type PackageIndex } from './package-index.ts';
import { readPackage, type DebianPackage } from './package.ts';
import { findProxies } from './proxy.ts';
import { readRelease, type Release } from './release.ts';
import { checkSuite } from './suite.ts';

export type ArchiveHost = Pick<Host, 'clock' | 'log' | 'processes' | 'system'>;

export interface ArchiveOptions {
  /** URL of the archive; default: see `findMirror`. */
  readonly mirror?: string | undefined;
  /** Accept a Release file after its Valid-Until, and keys that have expired since. */
  readonly allowExpired?: boolean | undefined;
  /** Binary OpenPGP keyrings to trust instead of the shipped one and the host's. */
  readonly keyrings?: readonly Uint8Array[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
  /** Milliseconds without a byte after which a server is given up. Default 30 000. */
  readonly stallMs?: number | undefined;
  /** Milliseconds before a failed request is repeated for the first time. Default 500. */
  readonly retryMs?: number | undefined;
}

/** A Debian archive whose every byte is verified, from the signature down to the package. */
export interface Archive {
  /** Without credentials. */
  readonly mirror: string;
  /** @throws AnyarchError ANYARCH_USAGE, ANYARCH_SIGNATURE_INVALID, ANYARCH_RELEASE_EXPIRED, ANYARCH_DOWNLOAD_FAILED … */
  release(suite: string): Promise<Release>;
  /** All versions of the named packages that a suite's main component has for an architecture; none when it has not the architecture. */
  findPackages(
    suite: string,
    architecture: string,
    names: readonly string[],
    which?: 'all' | 'some',
  ): Promise<DebianPackage[]>;
  /**
   * Digest of a suite's list of packages, and how to have it; undefined when it has not the architecture. The digest names the
   * list's content without fetching it.
   */
  findIndex(suite: string, architecture: string): Promise<FoundIndex | undefined>;
  /** The path of the verified .deb. */
  download(wanted: DebianPackage): Promise<string>;
  close(): Promise<void>;
}

export interface FoundIndex {
  /** SHA-256 of the list as it is on the mirror, compressed. */
  readonly sha256: string;
  read(): Promise<PackageIndex>;
}

/** Bytes. Debian's largest has 200 KB. */
const maximumReleaseBytes = 16 * 1024 * 1024;

/** @throws AnyarchError ANYARCH_MIRROR_UNKNOWN */
export async function openArchive(host: ArchiveHost, options: ArchiveOptions): Promise<Archive> {
  const mirror = findMirror(host, options.mirror);
  const cache = `${cacheDirectory(host.system)}/sha256`;
  const http = await openHttp({
    proxies: findProxies(host, mirror),
    certificates: trustedCertificates(host.system.environment),
    ...(options.stallMs === undefined ? {} : { stallMs: options.stallMs }),
  });
  const downloader: Downloader = {
    http,
    log: host.log,
    cache,
    signal: options.signal,
    onProgress: options.onProgress,
    firstDelayMs: options.retryMs,
  };
  const keys = loadKeys(options.keyrings);
  // Whoever asks for a release awaits it; a failure before that is not unhandled.
  keys.catch(() => undefined);
  const releases = new Map<string, Promise<Release>>();

  const fetchRelease = async (suite: string) => {
    checkSuite(suite);
    const url = joined(mirror, `dists/${suite}/InRelease`);
    const content = await downloadSmall(downloader, url, maximumReleaseBytes).catch((error: unknown) => {
      throw isNotFound(error) ? noSuchSuite(suite, mirror) : error;
    });
    return await readRelease(content, {
      keys: await keys,
      nowMs: host.clock.now(),
      allowExpired: options.allowExpired,
      suite,
      subject: shown(url),
    });
  };
  const release = (suite: string) => {
    const known = releases.get(suite) ?? fetchRelease(suite);
    releases.set(suite, known);
    return known;
  };

  return {
    mirror: shown(mirror),
    release,
    findPackages: async (suite, architecture, names, which = 'all') => {
      const { path, name } =
        (await fetchIndex(downloader, mirror, suite, await release(suite), architecture)) ?? {};
      if (path === undefined || name === undefined) return [];
      const stanzas = await findStanzas(decompress({ path, start: 0 }, name), names, which);
      return stanzas.map((stanza) => readPackage(stanza, suite));
    },
    findIndex: async (suite, architecture) => {
      const listed = listedIndex(await release(suite), architecture);
      if (listed === undefined) return undefined;
      const read = async () => {
        const path = await fetchListed(downloader, mirror, suite, await release(suite), listed);
        const parts: Uint8Array[] = [];
        for await (const part of decompress({ path, start: 0 }, listed.name)) parts.push(part);
        return indexPackages(Buffer.concat(parts), suite);
      };
      return { sha256: listed.sha256, read };
    },
    download: async ({ filename, size, sha256 }) => {
      const path = await download(downloader, {
        url: joined(mirror, filename),
        size,
        sha256,
        subject: baseName(filename),
      });
      await pruneCache(cache);
      return path;
    },
    close: () => http.close(),
  };
}

/** The suite's list of packages in the smallest form that it has; undefined when it has not the architecture. */
async function fetchIndex(
  downloader: Downloader,
  mirror: string,
  suite: string,
  release: Release,
  architecture: string,
): Promise<{ path: string; name: string } | undefined> {
  const listed = listedIndex(release, architecture);
  if (listed === undefined) return undefined;
  return { path: await fetchListed(downloader, mirror, suite, release, listed), name: listed.name };
}

interface ListedIndex {
  readonly architecture: string;
  /** Below the suite's directory. */
  readonly name: string;
  readonly ending: string;
  readonly size: number;
  readonly sha256: string;
}

function listedIndex(release: Release, architecture: string): ListedIndex | undefined {
  for (const ending of ['.xz', '.gz', '']) {
    const name = `main/binary-${architecture}/Packages${ending}`;
    const entry = release.files.get(name);
    if (entry !== undefined) return { ...entry, architecture, name, ending };
  }
  return undefined;
}

async function fetchListed(
  downloader: Downloader,
  mirror: string,
  suite: string,
  release: Release,
  { architecture, name, ending, size, sha256 }: ListedIndex,
): Promise<string> {
  const file = (path: string): KnownFile => ({
    size,
    sha256,
    url: joined(mirror, `dists/${suite}/${path}`),
    subject: `${suite} ${architecture} Packages${ending}`,
  });
  const plain = file(name);
  if (!release.byHash) return await download(downloader, plain);
  const byHash = file(`main/binary-${architecture}/by-hash/SHA256/${sha256}`);
  return await download(downloader, byHash).catch((error: unknown) => {
    // Partial mirrors often leave these copies out.
    if (isNotFound(error)) return download(downloader, plain);
    throw error;
  });
}

function isNotFound(error: unknown): boolean {
  return error instanceof AnyarchError && error.details['status'] === 404;
}

function noSuchSuite(suite: string, mirror: string): AnyarchError {
  return new AnyarchError('ANYARCH_PACKAGE_NOT_FOUND', `${shown(mirror)} has no suite ${suite}`, {
    hint: 'suites are called for example trixie or trixie-backports; --mirror URL names another mirror',
    details: { suite },
  });
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
