import type { Host } from '../host/host.ts';
import type { FoundImage } from './found-image.ts';
import { formatImageName, parseImageName } from './image-name.ts';
import { sourceOptions, type SourceWishes } from './source-options.ts';
import { surroundingsOf } from './surroundings.ts';

export interface FindOptions extends SourceWishes {
  /** What relative paths are relative to. */
  readonly directory: string;
}

/**
 * The image of any spelling (`parseImageName`), to be read where it is: nothing is unpacked, nothing is kept.
 *
 * @throws AnyarchError as `obtainImage`
 */
export async function findImage(host: Host, text: string, options: FindOptions): Promise<FoundImage> {
  const name = parseImageName(text, surroundingsOf(host, options.directory));
  const source = sourceOptions(host, options);
  if ('engineName' in name) {
    const { askEngine } = await import('./find-in-engine.ts');
    return await askEngine(host, name, source).find();
  }
  if ('reference' in name) {
    const { findInRegistry } = await import('./find-in-registry.ts');
    return await findInRegistry(host, name.reference, source);
  }
  const { findInArchive } = await import('./find-in-archive.ts');
  return await findInArchive(name, formatImageName(name), source);
}
