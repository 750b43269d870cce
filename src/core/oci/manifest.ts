import { readDescriptor, type Descriptor } from './descriptor.ts';
import { quote } from '../text.ts';
import { invalid, listField, optionalTextField, parseDocument, textMapField, type Fields } from './fields.ts';
import { isIndexType, isManifestType, mediaTypes } from './media-types.ts';

/** One platform's image, or an artifact such as an SBOM (image-spec 1.1, manifest.md). */
export interface Manifest {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  /** What this artifact says something about. */
  readonly subject?: Descriptor;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Images of several platforms; also a layout's `index.json` (image-spec 1.1, image-index.md). */
export interface Index {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly manifests: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** @throws AnyarchError ANYARCH_IMAGE_INVALID @param place names the document in messages */
export function parseManifest(text: string, place: string): Manifest {
  return readManifest(parseDocument(text, place));
}

/** @throws AnyarchError ANYARCH_IMAGE_INVALID @param place names the document in messages */
export function parseIndex(text: string, place: string): Index {
  return readIndex(parseDocument(text, place));
}

/**
 * Whichever of the two a document is. It says so itself, or by what it lists.
 *
 * @throws AnyarchError ANYARCH_IMAGE_INVALID
 */
export function parseManifestOrIndex(text: string, place: string): Manifest | Index {
  const fields = parseDocument(text, place);
  return 'manifests' in fields.values ? readIndex(fields) : readManifest(fields);
}

export function isIndex(document: Manifest | Index): document is Index {
  return 'manifests' in document;
}

function readManifest(fields: Fields): Manifest {
  const { place, values } = fields;
  const common = readCommon(fields, isManifestType, mediaTypes.manifest);
  // A document that is both could mean two things to two readers (CVE-2021-41190).
  if ('manifests' in values) throw invalid(place, 'it is a manifest and lists manifests');
  return {
    ...common,
    config: readDescriptor(values['config'], `${place}: config`),
    layers: listField(fields, 'layers').map((layer, position) =>
      readDescriptor(layer, `${place}: layers[${position}]`),
    ),
  };
}

function readIndex(fields: Fields): Index {
  const { place, values } = fields;
  const common = readCommon(fields, isIndexType, mediaTypes.index);
  if ('layers' in values || 'config' in values) throw invalid(place, 'it is an index and has layers');
  return {
    ...common,
    manifests: listField(fields, 'manifests').map((manifest, position) =>
      readDescriptor(manifest, `${place}: manifests[${position}]`),
    ),
  };
}

function readCommon(fields: Fields, accepts: (mediaType: string) => boolean, usual: string) {
  const { place, values } = fields;
  if (values['schemaVersion'] !== 2) throw invalid(place, 'its schemaVersion is not 2');
  const mediaType = optionalTextField(fields, 'mediaType') ?? usual;
  if (!accepts(mediaType)) throw invalid(place, `its media type is ${quote(mediaType, 100)}`);
  const artifactType = optionalTextField(fields, 'artifactType');
  const annotations = textMapField(fields, 'annotations');
  const subject = values['subject'];
  return {
    schemaVersion: 2,
    mediaType,
    ...(artifactType === undefined ? {} : { artifactType }),
    ...(subject === undefined || subject === null
      ? {}
      : { subject: readDescriptor(subject, `${place}: subject`) }),
    ...(annotations === undefined ? {} : { annotations }),
  } as const;
}
