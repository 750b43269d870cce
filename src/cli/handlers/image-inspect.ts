import { printable } from '../../core/printable.ts';
import { parseReference } from '../../core/oci/reference.ts';
import { inspectImages, inspectIndex } from '../../image/index.ts';
import type { InspectedImage, InspectedLayer, Inspection } from '../../image/index.ts';
import type { Context, Handler } from '../command.ts';
import type { imageInspect } from '../commands/image.ts';
import type { Style } from '../style.ts';
import { formatColumns, headRow } from '../table.ts';
import { connectionOptions } from './registry-options.ts';

export const handleImageInspect: Handler<(typeof imageInspect)['options']> = async ({
  options,
  positionals: [image = ''],
  context,
}) => {
  const inspection = isPath(image, context)
    ? await inspectImages(image)
    : await inspectRemote(image, context, connectionOptions(options));
  return {
    exitCode: inspection.problems.length === 0 ? 0 : 1,
    document: { schema: 'anyarch/image-inspect/1', ...inspection },
    text: formatInspection(inspection, context.terminal.style),
  };
};

/** What is there, and what can be nothing else; a single word is no reference here, because most often it is a slip. */
function isPath(image: string, { host }: Context): boolean {
  return /^\.{0,2}\/|^[^/:@]+$/.test(image) || host.files.status(image) !== undefined;
}

async function inspectRemote(
  image: string,
  { host, signal }: Context,
  options: ReturnType<typeof connectionOptions>,
): Promise<Inspection> {
  // Layouts and archives are read without it.
  const { openRemoteImage } = await import('../../registry/index.ts');
  const remote = await openRemoteImage(host, parseReference(image), { ...options, signal });
  try {
    // Layers stay where they are.
    const reader = { ...remote, layer: () => Promise.resolve(undefined) };
    const found = await inspectIndex(remote.index, reader);
    return { format: 'registry', ...found, verified: remote.verified() };
  } finally {
    await remote.close();
  }
}

function formatInspection({ format, tags, images, verified, problems }: Inspection, style: Style): string {
  const platformOf = new Map(images.map(({ digest, platform }) => [digest, platform]));
  const tagRows = tags.map((tag) => [
    tag.name,
    tag.digest?.slice(0, 19) ?? '',
    tag.images.map((digest) => platformOf.get(digest) ?? '?').join(', '),
  ]);
  const result =
    problems.length === 0
      ? style.green(`${verified.count} files (${megabytes(verified.size)} MB) verified`)
      : problems.map((problem) => `${style.red('problem')}  ${printable(problem)}`).join('\n');
  return [
    `${style.bold('Format')}  ${format}\n`,
    formatColumns([headRow(style.bold, ['TAG', 'DIGEST', 'PLATFORMS']), ...tagRows]),
    ...images.map((image) => formatImage(image, style)),
    `${result}\n`,
  ].join('\n');
}

function formatImage(
  { digest, platform, created, config, layers, referrers }: InspectedImage,
  style: Style,
): string {
  const facts = [
    ['created', created ?? 'unknown'],
    ['starts', [...(config.Entrypoint ?? []), ...(config.Cmd ?? [])].join(' ')],
    ['environment', (config.Env ?? []).join(' ')],
    ...referrers.map(({ artifactType, summary }) => [artifactType, summary ?? '']),
  ];
  const isRead = layers.every(({ unpackedSize }) => unpackedSize !== undefined);
  const unpacked = megabytes(sumOf(layers, ({ unpackedSize }) => unpackedSize ?? 0));
  const sum = `${megabytes(sumOf(layers, ({ size }) => size))} MB${isRead ? `, unpacked ${unpacked} MB` : ''}`;
  const rows = layers.map((layer) => [
    `  ${layer.digest.slice(0, 19)}`,
    megabytes(layer.size),
    layer.unpackedSize === undefined ? '?' : megabytes(layer.unpackedSize),
    layer.createdBy ?? '',
  ]);
  const head = headRow(style.bold, ['  LAYER', 'MB', 'UNPACKED', 'MADE BY']);
  return `${style.bold(printable(platform))}  ${digest}\n${formatColumns(facts.map((fact) => ['', ...fact]))}  ${sum}\n${formatColumns([head, ...rows])}`;
}

function sumOf(layers: readonly InspectedLayer[], value: (layer: InspectedLayer) => number): number {
  return layers.reduce((sum, layer) => sum + value(layer), 0);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2);
}
