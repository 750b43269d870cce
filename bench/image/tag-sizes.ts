import type { InspectedImage, InspectedLayout } from './inspect-layout.ts';
import type { SizeRow } from './sizes.ts';

/**
 * A row for each platform and kind of image: tags with the same layers (`latest`, `binfmt`, `qus` differ in their
 * configuration only) share one.
 */
export function tagSizes(layouts: readonly InspectedLayout[]): SizeRow[] {
  const rows = layouts.flatMap((layout) => platformsOf(layout).flatMap((name) => rowsOf(layout, name)));
  return rows.filter(({ name }, index) => rows.findIndex((row) => row.name === name) === index);
}

function platformsOf({ images }: InspectedLayout): string[] {
  return [...new Set(images.map(({ platform }) => platform))];
}

function rowsOf({ images, tags }: InspectedLayout, platform: string): SizeRow[] {
  const byLayers = new Map<string, { tags: string[]; image: InspectedImage }>();
  for (const tag of tags) {
    const image = images.find((one) => tag.images.includes(one.digest) && one.platform === platform);
    if (image === undefined) continue;
    const key = image.layers.map(({ digest }) => digest).join();
    const known = byLayers.get(key) ?? { tags: [], image };
    byLayers.set(key, { ...known, tags: [...known.tags, shortName(tag.name)] });
  }
  return [...byLayers.values()].map(({ tags: names, image: { layers } }): SizeRow => ({
    name: `${platform} ${names[0] ?? ''}`,
    outcome: 'measured',
    compressed: sum(layers.map(({ size }) => size)),
    unpacked: sum(layers.map(({ unpackedSize }) => unpackedSize ?? 0)),
    detail: [
      `${layers.length} ${layers.length === 1 ? 'layer' : 'layers'}`,
      ...(names.length < 2 ? [] : [`also ${names.slice(1).join(', ')}`]),
    ].join('; '),
  }));
}

/** `docker.io/library/anyarch:latest` is `latest`. */
function shortName(name: string): string {
  return name.slice(name.lastIndexOf(':') + 1);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, one) => total + one, 0);
}
