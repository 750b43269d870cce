import { resolve } from 'node:path';
import type { BuildRequest } from '../../../build/index.ts';
import { AnyarchError } from '../../../core/error.ts';
import { formatPlatform, parsePlatform, type Platform } from '../../../core/platform.ts';
import type { Host } from '../../../host/host.ts';
import type { OptionValues } from '../../command.ts';
import type { build } from '../../commands/build.ts';

export type BuildCommandOptions = OptionValues<(typeof build)['options']>;

/**
 * What is to be built, checked as far as that is possible without an engine.
 *
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_UNKNOWN_ARCHITECTURE, ANYARCH_FILE
 */
export function buildRequest(
  host: Pick<Host, 'files' | 'system'>,
  options: BuildCommandOptions,
  positionals: readonly string[],
  directory: string,
): BuildRequest {
  const [place = '.', ...ownOptions] = positionals;
  if (place === '-' || place.startsWith('-'))
    throw new AnyarchError(
      'ANYARCH_USAGE',
      `the directory comes before the engine's own options, not ${place}`,
      {
        hint: 'anyarch build -t NAME DIR -- --squash',
      },
    );
  const { tag: names = [] } = options;
  if (names.length === 0)
    throw new AnyarchError('ANYARCH_USAGE', 'the image needs a name', {
      hint: 'anyarch build -t NAME[:TAG] DIR',
    });
  const isUrl = /^[a-z+]+:\/\/|^git@/.test(place);
  const context = isUrl ? place : resolve(directory, place);
  if (!isUrl) requireContext(host, context);
  return {
    platforms: platformsOf(options.platform ?? [host.system.machine]),
    names,
    context,
    file: isUrl ? options.file : fileOf(host, options, context, directory),
    buildArgs: options['build-arg'] ?? [],
    target: options.target,
    secrets: options.secret ?? [],
    labels: options.label ?? [],
    annotations: options.annotation ?? [],
    noCache: options['no-cache'] === true,
    pull: options.pull === true,
    cacheFrom: options['cache-from'] ?? [],
    cacheTo: options['cache-to'] ?? [],
    progress: options.progress,
    ownOptions,
  };
}

/** `A,B` or repeated; one platform has many spellings. */
function platformsOf(texts: readonly string[]): readonly Platform[] {
  const words = texts.flatMap((text) => text.split(',')).map((word) => word.trim());
  const platforms = words.filter((word) => word !== '').map(parsePlatform);
  const distinct = [...new Map(platforms.map((one) => [formatPlatform(one), one])).values()];
  if (distinct.length > 0) return distinct;
  throw new AnyarchError('ANYARCH_USAGE', '--platform names no platform', {
    hint: '--platform linux/arm64,linux/amd64',
  });
}

function requireContext({ files }: Pick<Host, 'files'>, context: string): void {
  const kind = files.status(context)?.kind;
  if (kind === 'directory') return;
  throw new AnyarchError(
    'ANYARCH_FILE',
    `${context} ${kind === undefined ? 'does not exist' : 'is not a directory'}`,
    {
      hint: 'name the directory that is to be built: anyarch build -t NAME DIR',
    },
  );
}

const usualNames = ['Containerfile', 'Dockerfile'];

/** Said with its whole path, because engines take a relative one from different places. Docker looks for `Dockerfile` only. */
function fileOf(
  { files }: Pick<Host, 'files'>,
  { file }: BuildCommandOptions,
  context: string,
  directory: string,
): string {
  const candidates =
    file === undefined
      ? usualNames.map((name) => `${context}/${name}`)
      : [resolve(directory, file), resolve(context, file)];
  const found = candidates.find((path) => files.status(path)?.kind === 'file');
  if (found !== undefined) return found;
  throw new AnyarchError('ANYARCH_FILE', `there is no ${file ?? 'Dockerfile'} in ${context}`, {
    hint: 'name it: anyarch build -f FILE …',
    details: { looked: candidates },
  });
}
