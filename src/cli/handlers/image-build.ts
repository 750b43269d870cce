import { readFileSync } from 'node:fs';
import { architectures, findArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import { quote } from '../../core/text.ts';
import { cacheDirectory } from '../../host/cache-directory.ts';
import {
  architectureTags,
  buildImages,
  createdAt,
  familyTags,
  hostPlatform,
  parseTag,
  platformNames,
} from '../../image/index.ts';
import type { BuildOptions, BuildReport, BuiltTag, HostPlatform, ImageTag } from '../../image/index.ts';
import type { Context, Handler, OptionValues } from '../command.ts';
import type { imageBuild } from '../commands/image.ts';
import { ownFile, ownVersion } from '../own-package.ts';
import { withProgress } from '../progress.ts';
import type { Style } from '../style.ts';
import { formatColumns, headRow } from '../table.ts';
import { fetchOptions } from './obtain.ts';

type Options = OptionValues<(typeof imageBuild)['options']>;

export const handleImageBuild: Handler<(typeof imageBuild)['options']> = async ({ options, context }) => {
  const building = buildOptions(options, context);
  const report = await withProgress(context, (onProgress) =>
    buildImages(context.host, {
      ...building,
      onProgress,
      emulators: withFetchProgress(building.emulators, onProgress),
    }),
  );
  for (const warning of report.warnings) context.host.log.warn(warning);
  const lacking = report.missing.filter(({ isRequired }) => isRequired);
  const isPartial = lacking.length > 0 && options['allow-missing'] !== true;
  return {
    exitCode: isPartial ? 3 : 0,
    document: { schema: 'anyarch/image-build/1', ...asData(report) },
    text: formatReport(report, context.terminal.style),
    ...(isPartial ? { errorText: formatLacking(lacking) } : {}),
  };
};

function buildOptions(options: Options, context: Context): BuildOptions {
  const version = ownVersion();
  const platforms = uniqueBy(listed(options.platform, platformNames).map(hostPlatform), ({ name }) => name);
  const targets = targetsOf(options.arch);
  const cache = cacheDirectory(context.host.system);
  const created = createdAt(epochOf(options, context.host.system.environment));
  return {
    tags: tagsOf(options, version, platforms, targets),
    platforms,
    targets,
    takesWhatThereIs: listed(options.arch, ['all']).includes('all'),
    emulators: emulatorsOf(options, context, `${cache}/images`),
    programs: options.program ?? ownFile('build/entrypoint'),
    licence: readFileSync(ownFile('LICENSE'), 'utf8'),
    output: outputOf(options),
    format: (options.format ?? 'oci') as BuildOptions['format'],
    compression: (options.compression ?? 'gzip') as BuildOptions['compression'],
    name: options.name ?? 'docker.io/library/anyarch',
    facts: { version, revision: options.revision, source: options.source, created },
    attestations: options['no-attestations'] !== true,
    cache: `${cache}/layers`,
    signal: context.signal,
  };
}

function emulatorsOf(options: Options, context: Context, directory: string): BuildOptions['emulators'] {
  const { emulators = 'store' } = options;
  if (emulators !== 'store') return { kind: 'directory', directory: emulators };
  const fetch = {
    ...fetchOptions(context, options.mirror === undefined ? {} : { mirror: options.mirror }),
    suite: options.suite,
    version: options.qemu,
    allowExpired: options['allow-expired'] === true,
  };
  return { kind: 'store', directory, fetch };
}

function withFetchProgress(
  emulators: BuildOptions['emulators'],
  onProgress: BuildOptions['onProgress'],
): BuildOptions['emulators'] {
  if (emulators.kind === 'directory') return emulators;
  return { ...emulators, fetch: { ...emulators.fetch, onProgress } };
}

function tagsOf(
  options: Options,
  version: string,
  platforms: readonly HostPlatform[],
  targets: readonly string[],
): ImageTag[] {
  const named = options.tag?.map((name) => parseTag(name, version)) ?? familyTags(version);
  const hosts = platforms.map(({ host }) => host);
  const others = options['architecture-tags'] === true ? architectureTags(hosts, targets) : [];
  return uniqueBy([...named, ...others], ({ name }) => name);
}

function targetsOf(names: readonly string[] | undefined): string[] {
  const wanted = listed(names, ['all']);
  if (wanted.includes('all')) return architectures.map(({ name }) => name);
  return [...new Set(wanted.map((name) => findArchitecture(name).name))];
}

function outputOf({ output }: Options): string {
  if (output !== undefined && output !== '') return output;
  throw new AnyarchError('ANYARCH_USAGE', 'anyarch image build needs --output PATH', {
    hint: 'anyarch image build --help',
  });
}

/** https://reproducible-builds.org/specs/source-date-epoch/ */
function epochOf(options: Options, environment: Readonly<Record<string, string | undefined>>): number {
  const given = options['source-date-epoch'] ?? environment['SOURCE_DATE_EPOCH'] ?? '';
  if (given === '') return 0;
  const seconds = Number(given);
  // The last second that RFC 3339 can write.
  if (/^\d{1,12}$/.test(given) && seconds <= 253_402_300_799) return seconds;
  throw new AnyarchError('ANYARCH_USAGE', `the time of creation is ${quote(given)}, which are no seconds`, {
    hint: 'SOURCE_DATE_EPOCH and --source-date-epoch take seconds since 1970: git log -1 --format=%ct',
  });
}

function listed(values: readonly string[] | undefined, usual: readonly string[]): readonly string[] {
  const names = (values ?? []).flatMap((value) => value.split(',')).filter((name) => name !== '');
  return names.length === 0 ? usual : names;
}

function uniqueBy<T>(items: readonly T[], key: (item: T) => string): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}

function asData({ output, tags, layers, missing, warnings }: BuildReport) {
  return {
    output,
    tags: tags.map(({ tag, descriptor, images }) => ({
      name: tag.name,
      digest: descriptor.digest,
      dialect: tag.dialect,
      images: images.map((image) => ({
        platform: image.platform.name,
        digest: image.descriptor.digest,
        size: packedSize(image),
        unpackedSize: image.layers.reduce((sum, { unpackedSize }) => sum + unpackedSize, 0),
        emulators: image.emulators.map(({ target, version, packageVersion, sha256 }) => ({
          target,
          version,
          packageVersion,
          sha256,
        })),
      })),
    })),
    layers,
    missing,
    warnings,
  };
}

function formatReport({ output, tags, layers }: BuildReport, style: Style): string {
  const rows = tags.map(({ tag, descriptor, images }) => [
    tag.name,
    String(images.length),
    span(images.map(({ emulators }) => emulators.length)),
    span(images.map(packedSize), megabytes),
    descriptor.digest.slice(0, 19),
  ]);
  const head = headRow(style.bold, ['TAG', 'PLATFORMS', 'EMULATORS', 'MB', 'DIGEST']);
  const sum = `${layers.count} layers, ${layers.cached} of them from the cache, ${megabytes(layers.size)} MB`;
  return `${formatColumns([head, ...rows])}wrote ${output}: ${sum}\n`;
}

function formatLacking(lacking: BuildReport['missing']): string {
  const lines = [...new Set(lacking.map(({ platform }) => platform))].map((name) => {
    const targets = lacking.filter(({ platform }) => platform === name).map(({ target }) => target);
    return `anyarch: the images for ${name} lack ${targets.join(', ')}\n`;
  });
  return `${lines.join('')}  next: take what there is with --arch, another source with --emulators, --suite or --qemu, or build with --allow-missing\n`;
}

function packedSize({ layers }: BuiltTag['images'][number]): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}

/** `3` or `2–4` */
function span(values: readonly number[], show: (value: number) => string = String): string {
  const [least, most] = [show(Math.min(...values)), show(Math.max(...values))];
  return least === most ? least : `${least}–${most}`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 10e6 ? 2 : 1);
}
