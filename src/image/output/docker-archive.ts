import { formatCanonicalJson } from '../../core/oci/canonical-json.ts';
import { hexOfDigest } from '../../core/oci/digest.ts';
import type { Blob } from '../blob.ts';
import type { TarMember } from '../layers/tar.ts';
import { readBlob } from './read-blob.ts';

/** An image with the tags that name it. */
export interface NamedImage {
  /** `anyarch:latest` */
  readonly names: readonly string[];
  readonly image: {
    readonly config: Blob;
    readonly layers: readonly Pick<Blob, 'digest'>[];
  };
}

/**
 * What `docker load` and `podman load` read: `manifest.json`, configurations and layers. Layers may be packed; docker
 * finds out how (since 1.10).
 *
 * @param layers by digest
 */
export function dockerMembers(
  images: readonly NamedImage[],
  layers: readonly Blob[],
  ending: '.tar' | '.tar.gz',
  signal: AbortSignal | undefined,
): TarMember[] {
  const layerFile = (digest: Blob['digest']) => `${hexOfDigest(digest)}${ending}`;
  const configFile = ({ config }: NamedImage['image']) => `${hexOfDigest(config.digest)}.json`;
  const manifest = images.map(({ names, image }) => ({
    Config: configFile(image),
    RepoTags: names,
    Layers: image.layers.map(({ digest }) => layerFile(digest)),
  }));
  const text = formatCanonicalJson(manifest);
  const member = (name: string, blob: Blob): TarMember => ({
    header: { name, type: 'file', mode: 0o644, size: blob.size },
    content: () => readBlob(blob, signal),
  });
  const configs = new Map(images.map(({ image }) => [configFile(image), image.config]));
  return [
    {
      header: { name: 'manifest.json', type: 'file', mode: 0o644, size: Buffer.byteLength(text) },
      content: () => [Buffer.from(text)],
    },
    ...[...configs].map(([name, blob]) => member(name, blob)),
    ...layers.map((blob) => member(layerFile(blob.digest), blob)),
  ];
}
