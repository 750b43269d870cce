import { AnyarchError } from '../core/error.ts';
import { annotationKeys } from '../core/oci/annotations.ts';
import type { Descriptor } from '../core/oci/descriptor.ts';
import type { Digest } from '../core/oci/digest.ts';
import { invalid } from '../core/oci/fields.ts';
import { parseImageConfig, type ImageConfig } from '../core/oci/image-config.ts';
import type { ImagePlatform } from '../core/oci/image-platform.ts';
import { parseIndex, parseManifest, type Index, type Manifest } from '../core/oci/manifest.ts';
import { isIndexType, isManifestType, mediaTypes } from '../core/oci/media-types.ts';
import { formatReference, parseReference, withDefaultTag } from '../core/oci/reference.ts';
import { chooseByPlatform, type WantedPlatform } from './choose-platform.ts';

/** What an index refers to, on disk or in a registry. */
export interface ImageDocuments {
  /** For messages. */
  readonly place: string;
  readonly index: Index;
  /** A manifest, an index or a configuration, verified. */
  document(descriptor: Descriptor): Promise<string>;
}

/** One platform's image. */
export interface ChosenImage {
  readonly digest: Digest;
  readonly platform: ImagePlatform;
  readonly layers: readonly Descriptor[];
  readonly config: ImageConfig;
  readonly configText: string;
}

interface Candidate {
  readonly descriptor: Descriptor;
  readonly platform: ImagePlatform;
  readonly isOwnWord: boolean;
}

/** As pulling and inspecting have it. */
const maximumDepth = 4;
const maximumManifests = 2000;

/**
 * The image for a platform among all that an index refers to. Only documents on the way to it are read.
 *
 * @param part the name of one image of several
 * @throws AnyarchError ANYARCH_PLATFORM_NOT_FOUND, ANYARCH_IMAGE_NOT_FOUND, ANYARCH_IMAGE_INVALID, and what reading throws
 */
export async function chooseImage(
  documents: ImageDocuments,
  part: string | undefined,
  wanted: WantedPlatform,
): Promise<ChosenImage> {
  const entries = entriesNamed(documents, part);
  const candidates = await candidatesIn(documents, entries, 0, { manifests: 0 });
  const { descriptor, platform } = chooseByPlatform(candidates, wanted, documents.place);
  const manifest = parseManifest(await documents.document(descriptor), descriptor.digest);
  const configText = await documents.document(manifest.config);
  const config = parseImageConfig(configText, manifest.config.digest);
  requireLayers(manifest, config, descriptor.digest);
  return { digest: descriptor.digest, platform, layers: manifest.layers, config, configText };
}

/** Entries without a name belong together; of several names one must be chosen. */
function entriesNamed({ index, place }: ImageDocuments, part: string | undefined): readonly Descriptor[] {
  const namesOf = (entry: Descriptor) =>
    [entry.annotations?.[annotationKeys.refName], entry.annotations?.[containerdName]].filter(
      (name) => name !== undefined,
    );
  if (part !== undefined) {
    const whole = normalized(part);
    const found = index.manifests.filter((entry) =>
      namesOf(entry).some((name) => name === part || (whole !== undefined && normalized(name) === whole)),
    );
    if (found.length > 0) return found;
    throw ambiguous(place, `has no ${part}`, index.manifests.flatMap(namesOf));
  }
  const named = index.manifests.filter((entry) => namesOf(entry).length > 0);
  const digests = new Set(named.map(({ digest }) => digest));
  const names = new Set(named.map((entry) => namesOf(entry)[0]));
  // Several platforms may stand under one name, and one image under several.
  if (names.size > 1 && digests.size > 1)
    throw ambiguous(
      place,
      'has several images',
      [...names].flatMap((name) => name ?? []),
    );
  return named.length > 0 ? named : index.manifests;
}

/** What containerd and docker note the whole reference under. */
const containerdName = 'io.containerd.image.name';

function normalized(name: string): string | undefined {
  try {
    return formatReference(withDefaultTag(parseReference(name)));
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}

function ambiguous(place: string, what: string, names: readonly string[]): AnyarchError {
  return new AnyarchError('ANYARCH_IMAGE_NOT_FOUND', `${place} ${what}`, {
    hint:
      names.length === 0
        ? 'its images have no names: leave the name out'
        : `name one of them behind a colon: ${names.slice(0, 20).join(', ')}`,
  });
}

async function candidatesIn(
  documents: ImageDocuments,
  entries: readonly Descriptor[],
  depth: number,
  seen: { manifests: number },
): Promise<Candidate[]> {
  if (depth > maximumDepth) throw invalid(documents.place, 'its indices are nested too deeply');
  const found: Candidate[] = [];
  for (const entry of entries) {
    seen.manifests += 1;
    if (seen.manifests > maximumManifests)
      throw invalid(documents.place, `it lists more than ${maximumManifests} manifests`);
    if (isIndexType(entry.mediaType)) {
      const { manifests } = parseIndex(await documents.document(entry), entry.digest);
      found.push(...(await candidatesIn(documents, manifests, depth + 1, seen)));
    } else if (isManifestType(entry.mediaType) && !isAttestation(entry)) {
      const platform = entry.platform ?? (await ownPlatform(documents, entry));
      if (platform !== undefined)
        found.push({ descriptor: entry, platform, isOwnWord: entry.platform === undefined });
    }
  }
  // The same image may be listed under several names.
  return [...new Map(found.map((one) => [one.descriptor.digest, one])).values()];
}

/** BuildKit lists provenance beside the images, for the platform unknown/unknown. */
function isAttestation({ annotations, artifactType, platform }: Descriptor): boolean {
  return (
    annotations?.['vnd.docker.reference.type'] !== undefined ||
    artifactType !== undefined ||
    platform?.os === 'unknown'
  );
}

/** Undefined for what is no image. */
async function ownPlatform(
  documents: ImageDocuments,
  descriptor: Descriptor,
): Promise<ImagePlatform | undefined> {
  const { config, subject } = parseManifest(await documents.document(descriptor), descriptor.digest);
  if (subject !== undefined) return undefined;
  if (config.mediaType !== mediaTypes.config && config.mediaType !== mediaTypes.dockerConfig)
    return undefined;
  const { os, architecture, variant } = parseImageConfig(await documents.document(config), config.digest);
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

function requireLayers({ layers }: Manifest, { rootfs }: ImageConfig, place: string): void {
  if (layers.length !== rootfs.diff_ids.length)
    throw invalid(
      place,
      `its manifest has ${layers.length} layers and its configuration ${rootfs.diff_ids.length}`,
    );
}
