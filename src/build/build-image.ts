import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AnyarchError } from '../core/error.ts';
import { formatPlatform, type Platform } from '../core/platform.ts';
import { cacheDirectory } from '../host/cache-directory.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { makeWorkDirectory } from '../image-source/index.ts';
import { requireFree } from '../image/index.ts';
import { throwIfCancelled } from '../host/cancellation.ts';
import { buildPlatform } from './build-platform.ts';
import { buildCommand, requireKnownOptions } from './engines/build-command.ts';
import { storesLists, type BuildEngine } from './engines/engine.ts';
import { findBuildEngine } from './engines/find-engine.ts';
import { finish } from './finish.ts';
import { imageNameOf, platformName, requireDistinct } from './names.ts';
import type { BuildOptions } from './options.ts';
import { requireSeparable } from './plain-build.ts';
import type { BuildReport, BuiltPlatform } from './report.ts';
import type { BuildRequest } from './request.ts';
import { requireRunnable, runnablePlatforms, type PlatformVerdict } from './runnable.ts';
import { verifyPlatform } from './verify.ts';

/**
 * Has an engine build an image for several platforms, and makes one index of them. Nothing is named, written or pushed
 * unless every platform was built and, where that was asked for, verified.
 *
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_REFERENCE_INVALID, ANYARCH_ENGINE_NOT_FOUND, ANYARCH_BUILD_PLATFORM,
 *   ANYARCH_OUTPUT_EXISTS before anything is built; ANYARCH_ENGINE_FAILED, ANYARCH_REGISTRY_…, ANYARCH_DISK_FULL,
 *   ANYARCH_CANCELLED after that
 */
export async function buildImage(host: Host, wanted: BuildOptions): Promise<BuildReport> {
  // What an engine's cache gives was not made by this build: comparing it would say nothing about acceleration.
  const options = wanted.verify ? { ...wanted, request: { ...wanted.request, noCache: true } } : wanted;
  const { request, outputs, signal } = options;
  const names = request.names.map(imageNameOf);
  requireDistinct([...names, ...platformNames(names, request.platforms)]);
  requireFitting(options);
  const { engine, candidates } = findBuildEngine(host, options.engine);
  requireKnownOptions(engine, request);
  if (!storesLists(engine)) requirePlainPossible(options);
  if (options.verify) requireSeparable(engine, request, dockerfileOf(host, request));
  for (const { kind, path } of outputs) await requireFree(path, kind === 'oci' ? 'directory' : 'file');
  const verdicts = await runnablePlatforms(host, engine, request.platforms, options);
  if (!options.noEmulation) requireRunnable(engine, verdicts);
  const common = { engine, candidates, stored: [], outputs: [], pushed: [], notes: [] };
  if (options.dryRun) {
    const platforms = verdicts.map((verdict, position): BuiltPlatform => {
      return { ...verdict, command: commandFor(engine, options, position, 'FILE'), outcome: 'planned' };
    });
    return { ...common, outcome: 'planned', platforms };
  }
  const work = await makeWorkDirectory(join(cacheDirectory(host.system), 'incoming'));
  try {
    const { platforms, notes } = await buildAll(host, engine, options, verdicts, work);
    throwIfCancelled(signal);
    const outcome = outcomeOf(platforms);
    if (outcome !== 'built') return { ...common, outcome, platforms, notes };
    const images = platforms.flatMap(({ id }, position) => {
      const platform = request.platforms[position];
      return id === undefined || platform === undefined ? [] : [{ platform, id }];
    });
    const done = await finish(host, engine, { ...options, names, images, work });
    return { ...common, ...done, outcome, platforms, notes: [...notes, ...done.notes] };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

function outcomeOf(platforms: readonly BuiltPlatform[]): BuildReport['outcome'] {
  const failed = platforms.filter(({ outcome }) => outcome === 'failed').length;
  if (failed > 0) return failed === platforms.length ? 'failed' : 'partial';
  return platforms.some(({ verified }) => verified?.verdict === 'different') ? 'different' : 'built';
}

/** Each platform, some at a time; one that fails does not keep the others from being built. */
async function buildAll(
  host: Host,
  engine: BuildEngine,
  options: BuildOptions,
  verdicts: readonly PlatformVerdict[],
  work: string,
): Promise<{ readonly platforms: readonly BuiltPlatform[]; readonly notes: readonly string[] }> {
  const { request } = options;
  // All but BuildKit look their base up by the name that the other platform's build may just have pulled anew.
  const jobs = engine.name === 'docker' || storesLists(engine) ? 1 : options.jobs;
  const built: BuiltPlatform[] = [];
  const notes: string[] = [];
  const waiting = [...request.platforms.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [position, platform] = next;
      const verdict = verdicts[position];
      if (verdict === undefined) throw new Error('each platform has been judged');
      const accelerated = canAccelerate(engine, options, verdict);
      const one = await buildOne(host, engine, options, { platform, position, work, accelerated });
      built[position] = { ...verdict, ...one.platform };
      notes.push(...one.notes);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(jobs, waiting.length) }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return { platforms: built, notes };
}

async function buildOne(
  host: Host,
  engine: BuildEngine,
  options: BuildOptions,
  place: {
    readonly platform: Platform;
    readonly position: number;
    readonly work: string;
    readonly accelerated: boolean;
  },
): Promise<{
  readonly platform: Omit<BuiltPlatform, keyof PlatformVerdict>;
  readonly notes: readonly string[];
}> {
  const { request, volume, plain, write, signal, verify } = options;
  const { platform, position, work, accelerated } = place;
  const idFile = join(work, `${position}.id`);
  const command = commandFor(engine, options, position, idFile);
  const prefix = request.platforms.length > 1 ? formatPlatform(platform) : undefined;
  const wish = { platform, idFile, volume, plain, prefix, write, signal };
  const start = host.clock.monotonic();
  try {
    const { id, notes } = await buildPlatform(engine, request, wish);
    const durationMs = Math.round(host.clock.monotonic() - start);
    const done = { command, outcome: 'built' as const, id, durationMs };
    if (!verify) return { platform: done, notes };
    const verified = await verifyPlatform(host, engine, request, { ...wish, id, accelerated });
    return { platform: { ...done, verified }, notes };
  } catch (error) {
    if (!(error instanceof AnyarchError) || error.code === 'ANYARCH_CANCELLED') throw error;
    const durationMs = Math.round(host.clock.monotonic() - start);
    return { platform: { command, outcome: 'failed', error, durationMs }, notes: [] };
  }
}

function commandFor(
  engine: BuildEngine,
  { request, volume }: BuildOptions,
  position: number,
  idFile: string,
): string[] {
  const platform = request.platforms[position];
  if (platform === undefined) throw new Error('there is such a platform');
  return buildCommand(engine, request, { platform, idFile, names: [], volume });
}

function platformNames(names: readonly string[], platforms: readonly Platform[]): string[] {
  return platforms.length === 1
    ? []
    : names.flatMap((name) => platforms.map((platform) => platformName(name, platform)));
}

/**
 * Docker's daemon starts its runtime with an environment of its own, so that no single build can do without the tool tree.
 *
 * @throws AnyarchError ANYARCH_USAGE
 */
function requirePlainPossible({ verify, plain, isAccelerated }: BuildOptions): void {
  if ((!verify && !plain) || !isAccelerated()) return;
  const option = verify ? '--verify' : '--no-accelerate';
  throw new AnyarchError(
    'ANYARCH_USAGE',
    `${option}: docker accelerates every build here, so none can be compared`,
    {
      hint: 'build with --engine podman or buildah, or first: anyarch accelerate disable docker',
    },
  );
}

/** Docker takes no volume, and builds of one that adds the tool tree by itself are not verified. */
function canAccelerate(
  engine: BuildEngine,
  { volume, plain }: BuildOptions,
  { runs }: PlatformVerdict,
): boolean {
  return !plain && volume !== undefined && storesLists(engine) && runs !== 'native';
}

/** @returns undefined for one that the engine fetches */
function dockerfileOf({ files }: Pick<Host, 'files'>, { file }: BuildRequest): string | undefined {
  if (file?.startsWith('/') !== true) return undefined;
  const bytes = ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => files.read(file));
  return bytes === undefined ? undefined : decodeUtf8(bytes);
}

/** @throws AnyarchError ANYARCH_USAGE */
function requireFitting({ request, outputs }: BuildOptions): void {
  if (request.platforms.length > 1 && outputs.some(({ kind }) => kind === 'docker-archive'))
    throw new AnyarchError('ANYARCH_USAGE', 'a docker-archive holds the image of one platform', {
      hint: '--output oci-archive:FILE holds several',
    });
}
