/** Keys of annotations that image-spec 1.1 defines (annotations.md). */
export const annotationKeys = {
  /** On a descriptor in a layout's index.json: the tag, or a whole reference. */
  refName: 'org.opencontainers.image.ref.name',
  title: 'org.opencontainers.image.title',
  description: 'org.opencontainers.image.description',
  version: 'org.opencontainers.image.version',
  revision: 'org.opencontainers.image.revision',
  source: 'org.opencontainers.image.source',
  licenses: 'org.opencontainers.image.licenses',
  created: 'org.opencontainers.image.created',
} as const;
