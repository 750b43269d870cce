import { hexOfDigest } from '../../core/oci/digest.ts';
import type { ImageFacts } from '../annotations.ts';
import type { ImageEmulator } from '../content/image-emulator.ts';
import type { PlatformImage } from '../image.ts';
import type { Packing } from '../layers/compression.ts';
import { packageUrl } from './sbom.ts';

/** Says what the build parameters mean; docs/image.md describes them. */
const buildType = 'https://www.npmjs.com/package/anyarch/image-build/v1';

/**
 * How an image came about: an in-toto statement with SLSA's provenance 1.0. It is not signed, and names no time and no
 * machine, because neither has any influence.
 */
export function provenance(image: PlatformImage, facts: ImageFacts, packing: Packing): object {
  const { platform, program, emulators, layers, descriptor } = image;
  return {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'anyarch', digest: { sha256: hexOfDigest(descriptor.digest) } }],
    predicateType: 'https://slsa.dev/provenance/v1',
    predicate: {
      buildDefinition: {
        buildType,
        externalParameters: {
          platform: platform.name,
          architectures: emulators.map(({ target }) => target),
          compression: packing.compression,
          created: facts.created,
        },
        internalParameters: {
          packing: packing.id,
          layers: layers.map(({ what, diffId }) => ({ what, diffId })),
        },
        resolvedDependencies: [
          { name: 'program', digest: { sha256: program.sha256 } },
          ...sources(facts),
          ...packages(emulators),
          ...emulators.map(({ target, sha256 }) => ({ name: `qemu-${target}`, digest: { sha256 } })),
        ],
      },
      runDetails: {
        builder: { id: 'https://www.npmjs.com/package/anyarch', version: { anyarch: facts.version } },
      },
    },
  };
}

function sources({ source, revision }: ImageFacts) {
  if (source === undefined || revision === undefined) return [];
  return [{ uri: `git+${source}`, digest: { gitCommit: revision } }];
}

/** Each Debian package once, whatever number of emulators it holds. */
function packages(emulators: readonly ImageEmulator[]) {
  const byDigest = new Map<string, { uri: string; digest: { sha256: string } }>();
  for (const emulator of emulators) {
    const uri = packageUrl(emulator);
    if (emulator.source === undefined || uri === undefined) continue;
    const { sha256 } = emulator.source;
    byDigest.set(sha256, { uri, digest: { sha256 } });
  }
  return [...byDigest.values()];
}
