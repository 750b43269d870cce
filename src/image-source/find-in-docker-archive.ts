import { createHash } from 'node:crypto';
import { AnyarchError } from '../core/error.ts';
import { digestOfHex } from '../core/oci/digest.ts';
import { asFields, invalid, textField, textListField } from '../core/oci/fields.ts';
import { parseImageConfig } from '../core/oci/image-config.ts';
import { formatReference, parseReference, withDefaultTag } from '../core/oci/reference.ts';
import { quote } from '../core/text.ts';
import { readText, type ImageFiles } from '../image-files/index.ts';
import { chooseByPlatform } from './choose-platform.ts';
import { nothingToFree, type FoundImage, type SourceOptions } from './found-image.ts';

/** What `docker save` and `docker load` exchange (moby, image/spec/v1.2.md). */
const manifestName = 'manifest.json';

/** An archive with more is nobody's. */
const maximumImages = 1000;

export function isDockerArchive(files: ImageFiles): boolean {
  return files.has(manifestName);
}

/**
 * An image in what docker and podman save. Its layers have no digests but those of their content, which are compared when
 * they are unpacked.
 *
 * @throws AnyarchError ANYARCH_PLATFORM_NOT_FOUND, ANYARCH_IMAGE_NOT_FOUND, ANYARCH_IMAGE_INVALID, ANYARCH_DIGEST_MISMATCH
 */
export async function findInDockerArchive(
  files: ImageFiles,
  part: string | undefined,
  reference: string,
  { wanted }: Pick<SourceOptions, 'wanted'>,
): Promise<FoundImage> {
  const place = `${files.path}: ${manifestName}`;
  const entries = entriesNamed(readEntries(await readText(files, manifestName), place), part, files.path);
  const candidates = [];
  for (const entry of entries) candidates.push({ isOwnWord: true, ...(await openEntry(files, entry)) });
  const { image, layers } = chooseByPlatform(candidates, wanted, files.path);
  return {
    reference,
    ...image,
    open: () =>
      Promise.resolve({
        reference,
        ...image,
        layers: image.config.rootfs.diff_ids.map((diffId, position) => {
          const name = layers[position] ?? '';
          const found = files.place(name);
          if (found === undefined) throw invalid(files.path, `it has no ${quote(name, 200)}`);
          return { diffId, ...found };
        }),
      }),
    ...nothingToFree,
  };
}

interface Entry {
  readonly config: string;
  readonly layers: readonly string[];
  readonly names: readonly string[];
}

function readEntries(text: string, place: string): Entry[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch (error) {
    throw invalid(place, 'it is no JSON', error);
  }
  if (!Array.isArray(list)) throw invalid(place, 'a list was expected');
  if (list.length > maximumImages) throw invalid(place, `it lists more than ${maximumImages} images`);
  return list.map((value) => {
    const fields = asFields(value, place);
    return {
      config: textField(fields, 'Config'),
      layers: textListField(fields, 'Layers'),
      names: textListField(fields, 'RepoTags'),
    };
  });
}

function entriesNamed(entries: readonly Entry[], part: string | undefined, path: string): readonly Entry[] {
  const known = entries.flatMap(({ names }) => names);
  const fail = (what: string) =>
    new AnyarchError('ANYARCH_IMAGE_NOT_FOUND', `${path} ${what}`, {
      hint:
        known.length === 0
          ? 'its images have no names'
          : `name one of them: docker-archive:${path}:${known.slice(0, 20).join(`, docker-archive:${path}:`)}`,
    });
  if (part !== undefined) {
    const whole = normalized(part);
    const found = entries.filter(({ names }) => names.some((name) => normalized(name) === whole));
    if (found.length === 0) throw fail(`has no ${part}`);
    return found;
  }
  // The same name with several platforms is one image.
  const names = new Set(entries.map((entry) => entry.names.map(normalized).sort().join(' ')));
  if (names.size > 1) throw fail('has several images');
  return entries;
}

/** Archives hold short names, docker's and podman's whole ones. */
function normalized(name: string): string {
  try {
    return formatReference(withDefaultTag(parseReference(name)));
  } catch (error) {
    if (error instanceof AnyarchError) return name;
    throw error;
  }
}

async function openEntry(files: ImageFiles, { config: name, layers }: Entry) {
  const configText = await readText(files, name);
  const hex = createHash('sha256').update(configText).digest('hex');
  const promised = /[0-9a-f]{64}/.exec(name)?.[0];
  if (promised !== undefined && promised !== hex)
    throw new AnyarchError('ANYARCH_DIGEST_MISMATCH', `${files.path}: ${name} has the content of ${hex}`, {
      hint: 'the archive is damaged: save the image again',
      details: { path: files.path, expected: promised, actual: hex },
    });
  const config = parseImageConfig(configText, `${files.path}: ${name}`);
  const { os, architecture, variant } = config;
  if (layers.length !== config.rootfs.diff_ids.length)
    throw invalid(
      files.path,
      `${manifestName} lists ${layers.length} layers and the configuration ${config.rootfs.diff_ids.length}`,
    );
  const platform = { os, architecture, ...(variant === undefined ? {} : { variant }) };
  return { platform, layers, image: { digest: digestOfHex(hex), platform, config, configText } };
}
