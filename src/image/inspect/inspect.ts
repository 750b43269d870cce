import { invalid } from '../../core/oci/fields.ts';
import { layoutFiles } from '../../core/oci/layout.ts';
import { openImageFiles } from '../../image-files/index.ts';
import { dockerManifest, inspectDockerArchive } from './inspect-docker-archive.ts';
import { inspectLayout } from './inspect-layout.ts';
import type { Inspection } from './inspection.ts';

/**
 * What is in a layout or an archive, every digest verified. What is damaged inside is reported as a problem.
 *
 * @throws AnyarchError ANYARCH_FILE, ANYARCH_IMAGE_INVALID for what is no image at all
 */
export async function inspectImages(path: string): Promise<Inspection> {
  const files = await openImageFiles(path);
  // Newer versions of docker save archives that are both; the layout has digests for everything.
  if (files.has(layoutFiles.index) && files.has(layoutFiles.marker)) return await inspectLayout(files);
  if (files.has(dockerManifest)) return await inspectDockerArchive(files);
  throw invalid(path, `it has neither ${layoutFiles.index} nor ${dockerManifest}`);
}
