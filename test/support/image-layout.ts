import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from './registry-server.ts';

export interface TestDescriptor {
  readonly mediaType: string;
  readonly digest: `sha256:${string}`;
  readonly size: number;
  readonly [key: string]: unknown;
}

/** A small OCI layout made by hand, so that nothing of anyarch's own writing is believed. */
export interface TestLayout {
  readonly directory: string;
  readonly index: TestDescriptor;
  readonly images: readonly TestDescriptor[];
  readonly layers: readonly TestDescriptor[];
  readonly sbom: TestDescriptor;
}

const types = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  tar: 'application/vnd.oci.image.layer.v1.tar',
  empty: 'application/vnd.oci.empty.v1+json',
  cycloneDx: 'application/vnd.cyclonedx+json',
};

/**
 * Images for linux/amd64 and linux/arm/v7 in one index, called `latest`, and an SBOM that refers to it.
 *
 * @param layers one tar for each image
 */
export function writeTestLayout(directory: string, layers: readonly [Uint8Array, Uint8Array]): TestLayout {
  mkdirSync(join(directory, 'blobs/sha256'), { recursive: true });
  const put = (content: Uint8Array | string, mediaType: string, more = {}): TestDescriptor => {
    const bytes = Buffer.from(content);
    const digest = digestOf(bytes);
    writeFileSync(join(directory, 'blobs', digest.replace(':', '/')), bytes);
    return { mediaType, digest, size: bytes.length, ...more };
  };
  const putJson = (value: object, mediaType: string, more = {}) =>
    put(JSON.stringify(value), mediaType, more);
  const platforms = [{ architecture: 'amd64' }, { architecture: 'arm', variant: 'v7' }];
  const stored = layers.map((layer) => put(layer, types.tar));
  const images = platforms.map((platform, position) => {
    const layer = stored[position]!;
    const config = putJson(
      {
        ...platform,
        os: 'linux',
        config: { Cmd: ['/hello'] },
        rootfs: { type: 'layers', diff_ids: [layer.digest] },
      },
      types.config,
    );
    const manifest = { schemaVersion: 2, mediaType: types.manifest, config, layers: [layer] };
    return putJson(manifest, types.manifest, { platform: { os: 'linux', ...platform } });
  });
  const index = putJson({ schemaVersion: 2, mediaType: types.index, manifests: images }, types.index);
  const sbom = putJson(
    {
      schemaVersion: 2,
      mediaType: types.manifest,
      artifactType: types.cycloneDx,
      config: put('{}', types.empty),
      layers: [put('{"bomFormat":"CycloneDX"}', types.cycloneDx)],
      subject: index,
    },
    types.manifest,
  );
  writeFileSync(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
  const named = { ...index, annotations: { 'org.opencontainers.image.ref.name': 'latest' } };
  writeFileSync(
    join(directory, 'index.json'),
    JSON.stringify({ schemaVersion: 2, manifests: [named, sbom] }),
  );
  return { directory, index, images, layers: stored, sbom };
}
