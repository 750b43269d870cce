import { AnyarchError } from '../../core/error.ts';
import { formatImagePlatform, imagePlatform } from '../../core/oci/image-platform.ts';
import { parsePlatform } from '../../core/platform.ts';
import type { Host } from '../../host/host.ts';

/**
 * The stand-in for OCI runtimes that was built for this machine, without settings.
 *
 * @param build where the package has its programs
 * @throws AnyarchError ANYARCH_HOST_UNSUPPORTED where there is none
 */
export function standInProgram({ files, system }: Pick<Host, 'files' | 'system'>, build: string): Uint8Array {
  const folder = formatImagePlatform(imagePlatform(parsePlatform(system.machine))).replaceAll('/', '-');
  const path = `${build}/runtime/${folder}/stand-in`;
  if (files.status(path)?.kind === 'file') return files.read(path);
  throw new AnyarchError(
    'ANYARCH_HOST_UNSUPPORTED',
    `there is no OCI runtime of ours for ${system.machine}: ${path}`,
    {
      hint: 'in a checkout, npm run build:entrypoint makes it; a volume does without: -v TREE:/dev/.anyarch:ro',
      details: { path },
    },
  );
}
