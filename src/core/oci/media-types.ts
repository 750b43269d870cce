/** Media types of OCI image-spec 1.1 (media-types.md, media types of descriptors) and their older names from Docker. */
export const mediaTypes = {
  index: 'application/vnd.oci.image.index.v1+json',
  manifest: 'application/vnd.oci.image.manifest.v1+json',
  config: 'application/vnd.oci.image.config.v1+json',
  /** Content of a descriptor that has none: two bytes, `{}`. */
  empty: 'application/vnd.oci.empty.v1+json',
  layerTar: 'application/vnd.oci.image.layer.v1.tar',
  layerGzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
  layerZstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
  inToto: 'application/vnd.in-toto+json',
  cycloneDx: 'application/vnd.cyclonedx+json',
  dockerIndex: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayerGzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

/** How the bytes of a layer's tar are packed. */
export type Compression = 'none' | 'gzip' | 'zstd';

export function isIndexType(mediaType: string): boolean {
  return mediaType === mediaTypes.index || mediaType === mediaTypes.dockerIndex;
}

export function isManifestType(mediaType: string): boolean {
  return mediaType === mediaTypes.manifest || mediaType === mediaTypes.dockerManifest;
}

/** Undefined for what is no layer. */
export function compressionOf(mediaType: string): Compression | undefined {
  switch (mediaType) {
    case mediaTypes.layerTar:
      return 'none';
    case mediaTypes.layerGzip:
    case mediaTypes.dockerLayerGzip:
      return 'gzip';
    case mediaTypes.layerZstd:
      return 'zstd';
    default:
      return undefined;
  }
}

export function layerMediaType(compression: Compression): string {
  return {
    none: mediaTypes.layerTar,
    gzip: mediaTypes.layerGzip,
    zstd: mediaTypes.layerZstd,
  }[compression];
}
