import { AnyarchError } from '../../../core/error.ts';
import { formatPlatform } from '../../../core/platform.ts';
import type { BuildRequest } from '../../../build/index.ts';
import type { Context } from '../../command.ts';
import type { BuildCommandOptions } from './build-request.ts';
import { baseImages } from './base-images.ts';

/**
 * Makes the tool sets of each base image and foreign platform. One that cannot be made keeps nothing from being built: its
 * programs are emulated.
 *
 * @returns why some could not be made, for people
 */
export async function prepareBases(
  context: Context,
  { file, platforms }: BuildRequest,
  { authfile, insecure, 'tls-verify': verify }: BuildCommandOptions,
): Promise<string[]> {
  const [{ handlePrepare }, { nativeNames }, { findArchitecture }] = await Promise.all([
    import('../accelerate-tools.ts'),
    import('../obtain.ts'),
    import('../../../core/architecture.ts'),
  ]);
  const native = await nativeNames(context.host);
  const foreign = platforms.map(formatPlatform).filter((name) => !native.has(findArchitecture(name).name));
  const notes: string[] = [];
  for (const image of baseImages(context.host.files, file))
    for (const platform of foreign) {
      const connection = {
        ...(authfile === undefined ? {} : { authfile }),
        ...(insecure === undefined ? {} : { insecure }),
        ...(verify === undefined ? {} : { 'tls-verify': verify }),
      };
      try {
        const options = { for: image, arch: platform, ...connection };
        const { errorText } = await handlePrepare({ options, positionals: [], context });
        if (errorText !== undefined) notes.push(errorText.trim());
      } catch (error) {
        if (!(error instanceof AnyarchError) || error.code === 'ANYARCH_CANCELLED') throw error;
        notes.push(`no tools for ${image} (${platform}): ${error.message}`);
      }
    }
  return notes;
}

/** The one line that says how a build without native tools would be quicker. */
export function adviceFor(context: Pick<Context, 'host'>, { file }: BuildRequest): string {
  const [image = 'IMAGE'] = baseImages(context.host.files, file);
  return `nothing ran natively; to have compilers and tools accelerated: anyarch accelerate prepare --for ${image} (or build with --prepare)`;
}
