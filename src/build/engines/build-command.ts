import { formatPlatform, type Platform } from '../../core/platform.ts';
import { AnyarchError } from '../../core/error.ts';
import type { BuildRequest } from '../request.ts';
import { storesLists, type BuildEngine } from './engine.ts';

/** One platform's build. */
export interface PlatformBuild {
  readonly platform: Platform;
  /** Absolute: where the engine writes the image's identifier. */
  readonly idFile: string;
  /** What the image is called in the engine's storage; left out where a list will name it. */
  readonly names: readonly string[];
  /** `SOURCE:/dev/.anyarch:ro`, for engines that take volumes. */
  readonly volume: string | undefined;
}

/** The words that build one platform's image into the engine's own storage. */
export function buildCommand(
  engine: Pick<BuildEngine, 'name'>,
  request: BuildRequest,
  { platform, idFile, names, volume }: PlatformBuild,
): string[] {
  const isContainers = storesLists(engine);
  return [
    ...(engine.name === 'docker-buildx' ? ['docker', 'buildx', 'build', '--load'] : [engine.name, 'build']),
    ...['--platform', formatPlatform(platform), '--iidfile', idFile],
    ...names.flatMap((name) => ['--tag', name]),
    ...(request.file === undefined ? [] : ['--file', request.file]),
    ...repeated('--build-arg', request.buildArgs),
    ...(request.target === undefined ? [] : ['--target', request.target]),
    ...repeated('--secret', request.secrets),
    ...repeated('--label', request.labels),
    ...repeated('--annotation', request.annotations),
    ...(request.noCache ? ['--no-cache'] : []),
    ...(request.pull ? [isContainers ? '--pull=always' : '--pull'] : []),
    ...repeated('--cache-from', request.cacheFrom),
    ...repeated('--cache-to', request.cacheTo),
    ...progressWords(engine, request.progress),
    ...(volume === undefined || !isContainers ? [] : ['--volume', volume]),
    ...request.ownOptions,
    request.context,
  ];
}

/**
 * Options that the engine does not have are refused before anything is built.
 *
 * @throws AnyarchError ANYARCH_USAGE
 */
export function requireKnownOptions(engine: Pick<BuildEngine, 'name'>, request: BuildRequest): void {
  const unknown = engine.name === 'docker' ? classicLacks : {};
  for (const [option, isGiven] of Object.entries(unknown))
    if (isGiven(request))
      throw new AnyarchError('ANYARCH_USAGE', `docker without its buildx plugin has no ${option}`, {
        hint: 'install the plugin (apt install docker-buildx), or build with --engine podman',
        details: { option, engine: engine.name },
      });
}

const classicLacks: Readonly<Record<string, (request: BuildRequest) => boolean>> = {
  '--annotation': ({ annotations }) => annotations.length > 0,
  '--cache-to': ({ cacheTo }) => cacheTo.length > 0,
};

function progressWords({ name }: Pick<BuildEngine, 'name'>, progress: string | undefined): string[] {
  if (progress === undefined) return [];
  if (progress === 'quiet') return ['--quiet'];
  // Podman's and buildah's output is plain anyway.
  return name === 'docker-buildx' ? ['--progress', progress] : [];
}

function repeated(option: string, values: readonly string[]): string[] {
  return values.flatMap((value) => [option, value]);
}
