import { join } from 'node:path';
import { imagePlatform, type ImagePlatform } from '../core/oci/image-platform.ts';
import { parsePlatform } from '../core/platform.ts';
import { cacheDirectory } from '../host/cache-directory.ts';
import type { Host } from '../host/host.ts';
import { limitsFrom } from '../image-store/index.ts';
import type { SourceOptions } from './found-image.ts';

export interface SourceWishes extends Partial<Pick<SourceOptions, 'connection' | 'signal' | 'onProgress'>> {
  /** What the user has named, if anything. */
  readonly platform?: ImagePlatform | undefined;
}

export function sourceOptions({ system }: Pick<Host, 'system'>, wishes: SourceWishes): SourceOptions {
  return {
    wanted: { named: wishes.platform, own: ownPlatform({ system }) },
    workDirectory: join(cacheDirectory(system), 'incoming'),
    limits: limitsFrom(system.environment),
    connection: wishes.connection ?? {},
    signal: wishes.signal,
    onProgress: wishes.onProgress,
  };
}

export function ownPlatform({ system }: Pick<Host, 'system'>): ImagePlatform {
  return imagePlatform(parsePlatform(system.machine));
}
