import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { findArchitecture } from '../core/architecture.ts';
import { AnyarchError } from '../core/error.ts';
import {
  defaultSuites,
  fetchEmulators,
  inspectEmulator,
  preservesArgv0,
  readCatalogue,
  type FetchHost,
  type FetchOptions,
} from '../emulators/index.ts';
import { digestOf } from '../store/index.ts';
import type { ImageEmulator } from './content/image-emulator.ts';
import type { HostPlatform } from './host-platform.ts';

/** Where emulators come from. */
export type EmulatorOrigin =
  | {
      /** Debian's, verified, in a store of its own, so that this machine's emulators stay as they are. */
      readonly kind: 'store';
      readonly directory: string;
      readonly fetch: Omit<FetchOptions, 'targets' | 'machine' | 'directory'>;
    }
  /** `DIR/linux-arm64/qemu-aarch64-static` and so on; `-static` may be missing. */
  | { readonly kind: 'directory'; readonly directory: string };

export interface ObtainedEmulators {
  /** In the order of the targets. */
  readonly emulators: readonly ImageEmulator[];
  /** Targets for which there is none on that host. */
  readonly missing: readonly LackingEmulator[];
}

export interface LackingEmulator {
  readonly target: string;
  readonly error: AnyarchError;
  /** Nobody has it: Debian has none of that 64-bit architecture for this 32-bit host, in no suite. */
  readonly isExpected: boolean;
}

/**
 * A platform's emulators for the targets. What the source does not have is reported; anything else is thrown.
 *
 * @throws AnyarchError what fetching throws; ANYARCH_EMULATOR_UNUSABLE, ANYARCH_ELF_INVALID for a directory's
 */
export async function obtainEmulators(
  host: FetchHost,
  platform: HostPlatform,
  targets: readonly string[],
  origin: EmulatorOrigin,
): Promise<ObtainedEmulators> {
  if (targets.length === 0) return { emulators: [], missing: [] };
  return origin.kind === 'store'
    ? await fromStore(host, platform, targets, origin)
    : await fromDirectory(platform, targets, origin.directory);
}

/** Newer packages for 32-bit hosts have no emulators of 64-bit architectures: these come from the newest that has them. */
async function fromStore(
  host: FetchHost,
  platform: HostPlatform,
  targets: readonly string[],
  origin: Extract<EmulatorOrigin, { kind: 'store' }>,
): Promise<ObtainedEmulators> {
  const { emulators, missing, suite } = await fetchOnce(host, platform, targets, origin);
  const found = new Map(emulators.map((emulator) => [emulator.target, emulator]));
  const lacking = new Map(missing);
  const isPinned = origin.fetch.suite !== undefined || origin.fetch.version !== undefined;
  const older = isPinned || suite === undefined ? [] : defaultSuites.slice(defaultSuites.indexOf(suite) + 1);
  for (const next of older) {
    if (lacking.size === 0) break;
    const fetch = { ...origin.fetch, suite: next };
    const more = await fetchOnce(host, platform, [...lacking.keys()], { ...origin, fetch }).catch(
      nothingThere,
    );
    for (const emulator of more.emulators) {
      found.set(emulator.target, emulator);
      lacking.delete(emulator.target);
    }
  }
  return {
    emulators: targets.flatMap((target) => found.get(target) ?? []),
    missing: [...lacking].map(([target, error]) => ({
      target,
      error,
      isExpected: !isPinned && bitsOf(platform.host) === 32 && bitsOf(target) === 64,
    })),
  };
}

function bitsOf(architecture: string): number {
  return findArchitecture(architecture).elf.class;
}

interface FetchedOnce {
  readonly emulators: readonly ImageEmulator[];
  readonly missing: readonly (readonly [target: string, error: AnyarchError])[];
  /** Undefined when the archive did not have to be asked. */
  readonly suite: string | undefined;
}

async function fetchOnce(
  host: FetchHost,
  { machine }: HostPlatform,
  targets: readonly string[],
  { directory, fetch }: Extract<EmulatorOrigin, { kind: 'store' }>,
): Promise<FetchedOnce> {
  const report = await fetchEmulators(host, { ...fetch, targets, machine, directory });
  const catalogue = readCatalogue(host.files, directory).emulators;
  const emulators: ImageEmulator[] = [];
  const missing: [string, AnyarchError][] = [];
  for (const result of report.results) {
    if (result.outcome === 'failed') {
      if (result.error.code !== 'ANYARCH_PACKAGE_NOT_FOUND') throw result.error;
      missing.push([result.target, result.error]);
      continue;
    }
    const { target, path, preservesArgv0, sha256 } = result.emulator;
    const item = catalogue[target]?.items.find((one) => one.sha256 === sha256);
    if (item === undefined) throw new Error(`${target} was fetched and is not in the catalogue`);
    const { version, packageVersion, linkage, size } = item;
    emulators.push({
      ...{ target, file: path, version, packageVersion, linkage, preservesArgv0 },
      ...{ size, sha256: item.sha256, source: item.package },
    });
  }
  return { emulators, missing, suite: report.package?.suite };
}

/** The mirror has not that suite, or the suite nothing for the host. */
function nothingThere(error: unknown): FetchedOnce {
  if (!(error instanceof AnyarchError) || error.code !== 'ANYARCH_PACKAGE_NOT_FOUND') throw error;
  return { emulators: [], missing: [], suite: undefined };
}

async function fromDirectory(
  platform: HostPlatform,
  targets: readonly string[],
  directory: string,
): Promise<ObtainedEmulators> {
  const emulators: ImageEmulator[] = [];
  const missing: LackingEmulator[] = [];
  for (const target of targets) {
    const file = await firstPresent(
      [`qemu-${target}-static`, `qemu-${target}`].map((name) => join(directory, platform.fileName, name)),
    );
    if (file === undefined)
      missing.push({ target, error: notThere(directory, platform, target), isExpected: false });
    else emulators.push(await describeFile(file, platform, target));
  }
  return { emulators, missing };
}

async function describeFile(file: string, { debian }: HostPlatform, target: string): Promise<ImageEmulator> {
  const { version, linkage } = await inspectEmulator(file, target, debian);
  const { size } = await stat(file);
  const sha256 = (await digestOf(file)) ?? '';
  return {
    target,
    file,
    version,
    packageVersion: version,
    linkage,
    preservesArgv0: preservesArgv0(version),
    size,
    sha256,
    source: undefined,
  };
}

async function firstPresent(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) {
    const isPresent = await access(path).then(
      () => true,
      () => false,
    );
    if (isPresent) return path;
  }
  return undefined;
}

function notThere(directory: string, { fileName }: HostPlatform, target: string): AnyarchError {
  const place = join(directory, fileName);
  const path = join(place, `qemu-${target}-static`);
  return new AnyarchError('ANYARCH_EMULATOR_NOT_FOUND', `there is no ${path}`, {
    hint: 'name the architectures that are there with --arch, or take all from Debian with --emulators store',
    details: { path, target, package: place },
  });
}
