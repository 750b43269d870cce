import { AnyarchError } from '../../core/error.ts';
import type { Descriptor } from '../../core/oci/descriptor.ts';
import { blobPath } from '../../core/oci/digest.ts';
import { invalid } from '../../core/oci/fields.ts';
import { checkLayoutMarker, layoutFiles } from '../../core/oci/layout.ts';
import { parseIndex } from '../../core/oci/manifest.ts';
import { compressionOf } from '../../core/oci/media-types.ts';
import { checkContent, type CheckedContent } from './check-content.ts';
import type { ContentReader } from './content-reader.ts';
import { readText, type ImageFiles } from '../../image-files/index.ts';
import { inspectIndex } from './inspect-index.ts';
import type { Inspection } from './inspection.ts';

/** @throws AnyarchError ANYARCH_IMAGE_INVALID when there is no index to begin with */
export async function inspectLayout(files: ImageFiles): Promise<Inspection> {
  checkLayoutMarker(await readText(files, layoutFiles.marker), `${files.path}: ${layoutFiles.marker}`);
  const index = parseIndex(await readText(files, layoutFiles.index), `${files.path}: ${layoutFiles.index}`);
  const { reader, checked } = layoutReader(files);
  const result = await inspectIndex(index, reader);
  return {
    format: files.kind === 'directory' ? 'oci' : 'oci-archive',
    ...result,
    verified: {
      count: checked.size,
      size: [...checked.values()].reduce((sum, { size }) => sum + size, 0),
    },
  };
}

function layoutReader(files: ImageFiles) {
  const checked = new Map<string, CheckedContent>();
  const check = async (descriptor: Descriptor): Promise<CheckedContent> => {
    const name = blobPath(descriptor.digest);
    if (!files.has(name)) throw invalid(files.path, `it has no ${name}`);
    const known = checked.get(name);
    if (known !== undefined) return known;
    const content = await checkContent(files.read(name), compressionOf(descriptor.mediaType));
    checked.set(name, content);
    return content;
  };
  const reader: ContentReader = {
    document: async (descriptor) => {
      const { digest } = await check(descriptor);
      if (digest !== descriptor.digest) {
        const message = `${descriptor.digest} has the content of ${digest}`;
        throw new AnyarchError('ANYARCH_DIGEST_MISMATCH', message);
      }
      return await readText(files, blobPath(digest));
    },
    layer: check,
  };
  return { reader, checked };
}
