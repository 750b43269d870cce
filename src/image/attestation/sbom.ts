import { hexOfDigest, type Digest } from '../../core/oci/digest.ts';
import type { ImageFacts } from '../annotations.ts';
import { emulatorPath } from '../content/emulator-layer.ts';
import { programPath } from '../content/base-layer.ts';
import type { ImageEmulator } from '../content/image-emulator.ts';
import type { PlatformImage } from '../image.ts';

/**
 * What an image contains, as CycloneDX 1.6 (ECMA-424). Made here, because the library for it has 7 MB, and what an
 * image contains is known exactly.
 */
export function softwareBill(image: PlatformImage, facts: ImageFacts): object {
  const subject = imageComponent(image.descriptor.digest, facts);
  const components = [...programComponents(image, facts), ...image.emulators.map(emulatorComponent)];
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    serialNumber: `urn:uuid:${uuidOf(image.descriptor.digest)}`,
    version: 1,
    metadata: {
      timestamp: facts.created,
      tools: { components: [{ type: 'application', name: 'anyarch', version: facts.version }] },
      component: subject,
    },
    components,
    dependencies: [
      { ref: subject['bom-ref'], dependsOn: components.map((component) => component['bom-ref']) },
    ],
  };
}

function imageComponent(digest: Digest, { version }: ImageFacts) {
  return {
    type: 'container',
    'bom-ref': 'image',
    name: 'anyarch',
    version,
    purl: `pkg:oci/anyarch@${encodeURIComponent(digest)}`,
    hashes: [sha256Of(hexOfDigest(digest))],
  };
}

function programComponents({ program }: PlatformImage, { version }: ImageFacts) {
  return [
    {
      type: 'application',
      'bom-ref': 'anyarch',
      name: 'anyarch',
      version,
      licenses: [{ license: { id: 'Apache-2.0' } }],
      purl: `pkg:npm/anyarch@${version}`,
      hashes: [sha256Of(program.sha256)],
      properties: [{ name: 'anyarch:path', value: programPath }],
    },
    ...program.libraries.map(({ name, version, file, sha256 }) => ({
      type: 'library',
      'bom-ref': name,
      name,
      version,
      licenses: [{ license: { id: 'MIT' } }],
      properties: [
        { name: 'anyarch:linked-into', value: programPath },
        { name: 'anyarch:debian:file', value: file },
        { name: 'anyarch:debian:sha256', value: sha256 },
      ],
    })),
  ];
}

function emulatorComponent(emulator: ImageEmulator) {
  const { target, version, packageVersion, sha256, source } = emulator;
  const origin = source === undefined ? {} : { purl: packageUrl(emulator) };
  const properties = [
    { name: 'anyarch:path', value: emulatorPath(target) },
    ...(source === undefined
      ? []
      : [
          { name: 'anyarch:debian:package', value: source.name },
          { name: 'anyarch:debian:version', value: packageVersion },
          { name: 'anyarch:debian:sha256', value: source.sha256 },
        ]),
  ];
  return {
    type: 'application',
    'bom-ref': `qemu-${target}`,
    name: `qemu-${target}`,
    version,
    licenses: [{ license: { id: 'GPL-2.0-or-later' } }],
    ...origin,
    hashes: [sha256Of(sha256)],
    properties,
  };
}

/** Of the Debian package that an emulator comes from (package-url's type deb). */
export function packageUrl({ packageVersion, source }: ImageEmulator): string | undefined {
  if (source === undefined) return undefined;
  const version = encodeURIComponent(packageVersion);
  return `pkg:deb/debian/${source.name}@${version}?arch=${source.architecture}`;
}

function sha256Of(hex: string) {
  return { alg: 'SHA-256', content: hex };
}

/** The same image has the same serial number: a UUID of version 8 (RFC 9562) from its digest. */
function uuidOf(digest: Digest): string {
  const hex = hexOfDigest(digest);
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) & 3);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ].join('-');
}
