import { createHash } from 'node:crypto';
import { digestOfHex, type Digest } from '../../core/oci/digest.ts';
import { asFields, invalid, textField, textListField } from '../../core/oci/fields.ts';
import { parseImageConfig } from '../../core/oci/image-config.ts';
import { formatImagePlatform } from '../../core/oci/image-platform.ts';
import { mediaTypes } from '../../core/oci/media-types.ts';
import { checkContent, type CheckedContent } from './check-content.ts';
import { describeLayers } from './describe-layers.ts';
import { readText, type ImageFiles } from '../../image-files/index.ts';
import { openLimits, type Limits } from './limits.ts';
import type { InspectedImage, InspectedTag, Inspection } from './inspection.ts';

/** What `docker save` and `docker load` exchange (moby, image/spec/v1.2.md). */
export const dockerManifest = 'manifest.json';

/** @throws AnyarchError ANYARCH_IMAGE_INVALID */
export async function inspectDockerArchive(files: ImageFiles): Promise<Inspection> {
  const place = `${files.path}: ${dockerManifest}`;
  const checked = new Map<string, CheckedContent>();
  const images = new Map<Digest, InspectedImage>();
  const tags: InspectedTag[] = [];
  const problems: string[] = [];
  const count = openLimits();
  for (const entry of parseList(await readText(files, dockerManifest), place)) {
    count('manifests');
    const fields = asFields(entry, place);
    const image = await describeEntry(files, textField(fields, 'Config'), textListField(fields, 'Layers'), {
      checked,
      problems,
      count,
    });
    images.set(image.digest, image);
    for (const name of textListField(fields, 'RepoTags'))
      tags.push({ name, digest: undefined, images: [image.digest] });
  }
  return {
    format: 'docker-archive',
    tags,
    images: [...images.values()],
    verified: {
      count: checked.size,
      size: [...checked.values()].reduce((sum, { size }) => sum + size, 0),
    },
    problems: [...new Set(problems)],
  };
}

async function describeEntry(
  files: ImageFiles,
  configName: string,
  layerNames: readonly string[],
  { checked, problems, count }: { checked: Map<string, CheckedContent>; problems: string[]; count: Limits },
): Promise<InspectedImage> {
  const text = await readText(files, configName);
  count('bytes of documents', text.length);
  const hex = createHash('sha256').update(text).digest('hex');
  if (!configName.includes(hex)) problems.push(`${configName} has the content of ${hex}`);
  const config = parseImageConfig(text, configName);
  const layers = [];
  for (const name of layerNames) {
    if (!files.has(name)) {
      problems.push(`${files.path} has no ${name}`);
      continue;
    }
    const content = checked.get(name) ?? (await checkContent(files.read(name), 'found'));
    checked.set(name, content);
    const mediaType =
      content.unpacked !== undefined && content.size === sizeOf(content.unpacked)
        ? mediaTypes.layerTar
        : mediaTypes.layerGzip;
    layers.push({ descriptor: { mediaType, digest: content.digest, size: content.size }, content });
  }
  return {
    digest: digestOfHex(hex),
    platform: formatImagePlatform(config),
    created: config.created,
    config: config.config,
    annotations: {},
    layers: describeLayers(config, layers, problems),
    referrers: [],
  };
}

function sizeOf(unpacked: NonNullable<CheckedContent['unpacked']>): number | undefined {
  return 'size' in unpacked ? unpacked.size : undefined;
}

function parseList(text: string, place: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text);
    if (Array.isArray(value)) return value;
  } catch (error) {
    throw invalid(place, 'it is no JSON', error);
  }
  throw invalid(place, 'a list was expected');
}
