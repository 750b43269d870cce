import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pack } from 'tar-stream';
import { afterEach, beforeEach, expect } from 'vitest';
import { mediaTypes } from '../../core/oci/media-types.ts';
import { limitsFrom } from '../../image-store/index.ts';
import { sha256Hex, type makeLayout } from '../../image/testing/layout-maker.ts';
import { findInArchive, type ArchiveName } from '../find-in-archive.ts';
import type { SourceOptions } from '../found-image.ts';

/** Where a test makes its layouts and archives, and looks for images in them. */
export interface ArchivePlace {
  directory: string;
  layout: string;
  archive: string;
  limits: SourceOptions['limits'];
}

type Where = readonly [where: Partial<ArchiveName>, architecture?: string, variant?: string];

/** A new place for each test of the file, and the looking into it. */
export function useArchivePlace() {
  const place: ArchivePlace = { directory: '', layout: '', archive: '', limits: limitsFrom({}) };
  beforeEach(() => {
    place.directory = mkdtempSync(join(tmpdir(), 'anyarch-source-'));
    place.layout = join(place.directory, 'layout');
    place.archive = join(place.directory, 'image.tar');
    place.limits = limitsFrom({});
  });
  afterEach(() => {
    rmSync(place.directory, { recursive: true });
  });
  return {
    place,
    find: async (...where: Where) => await findIn(place, ...where),
    contentOf: async (...where: Where) => await contentIn(place, ...where),
  };
}

export const layerOf = (text: string) => Buffer.from(`the layer of ${text}`);

/** An image of one layer; the layer says for whom it is. */
export function addImage(maker: ReturnType<typeof makeLayout>, architecture: string, variant?: string) {
  const content = layerOf(`${architecture}${variant ?? ''}`);
  const layer = maker.blob(content, mediaTypes.layerTar);
  const config = {
    architecture,
    ...(variant === undefined ? {} : { variant }),
    config: { Cmd: [architecture] },
  };
  const image = maker.image([[layer, layer.digest]], config);
  return {
    image,
    layer,
    platform: { os: 'linux', architecture, ...(variant === undefined ? {} : { variant }) },
  };
}

/** The image of the layout, or of what `where` names. */
async function findIn(
  place: ArchivePlace,
  where: Partial<ArchiveName>,
  architecture?: string,
  variant?: string,
) {
  const platform = {
    os: 'linux',
    architecture: architecture ?? '',
    ...(variant === undefined ? {} : { variant }),
  };
  const options: SourceOptions = {
    wanted: {
      named: architecture === undefined ? undefined : platform,
      own: { os: 'linux', architecture: 'amd64' },
    },
    workDirectory: join(place.directory, 'work'),
    limits: place.limits,
    connection: {},
  };
  return await findInArchive(
    { kind: 'path', path: place.layout, part: undefined, ...where },
    'the name',
    options,
  );
}

/** What the one layer of an image holds. */
async function contentIn(...where: Parameters<typeof findIn>): Promise<string> {
  const found = await findIn(...where);
  try {
    const { layers, platform, config } = await found.open();
    expect(config.config.Cmd).toEqual([platform.architecture]);
    const [layer] = layers;
    return readFileSync(layer?.path ?? '')
      .subarray(layer?.offset, (layer?.offset ?? 0) + (layer?.size ?? 0))
      .toString();
  } finally {
    await found.close(true);
  }
}

export interface SavedImage {
  readonly architecture: string;
  readonly names: readonly string[] | null;
  readonly variant?: string;
}

/** What docker save writes (moby, image/spec/v1.2.md), or what is said instead. */
export async function saveImages(
  archive: string,
  images: readonly SavedImage[],
  change: (list: object[]) => unknown = (list) => list,
) {
  const writer = pack();
  const list = images.map(({ architecture, names, variant }) => {
    const layer = layerOf(`${architecture}${variant ?? ''}`);
    const hex = sha256Hex(layer);
    const config = JSON.stringify({
      os: 'linux',
      architecture,
      variant,
      config: { Cmd: [architecture] },
      rootfs: { type: 'layers', diff_ids: [`sha256:${hex}`] },
    });
    writer.entry({ name: `${sha256Hex(Buffer.from(config))}.json` }, config);
    writer.entry({ name: `${hex}/layer.tar` }, layer);
    // Layers that are shared are links in older archives.
    writer.entry({ name: `${hex}.tar`, type: 'symlink', linkname: `${hex}/layer.tar` });
    return {
      Config: `${sha256Hex(Buffer.from(config))}.json`,
      RepoTags: names,
      Layers: [`${hex}.tar`],
    };
  });
  writer.entry({ name: 'manifest.json' }, JSON.stringify(change(list)));
  writer.finalize();
  await writeFile(archive, writer as AsyncIterable<Uint8Array>);
}
