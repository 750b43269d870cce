import { findArchitecture } from '../core/architecture.ts';
import type { Host } from '../host/host.ts';
import { stateDirectory, systemStateDirectory } from '../host/state-directory.ts';
import { storedPath } from '../host/stored-path.ts';
import { readGuestCatalogue } from './catalogue.ts';
import { debianArchitecture } from '../core/debian-architecture.ts';
import type { Guest } from './guest.ts';

/**
 * The guest of an architecture, if the store has it.
 *
 * @param name any name; `linux/arm/v5` means armel, `arm` armhf
 * @throws AnyarchError ANYARCH_UNKNOWN_ARCHITECTURE; ANYARCH_FILE when the catalogue is damaged
 */
export function findGuest(
  { files, system }: Pick<Host, 'files' | 'system'>,
  name: string,
): Guest | undefined {
  const debian = debianArchitecture(name);
  if (debian === undefined) return undefined;
  for (const directory of new Set([stateDirectory(system), systemStateDirectory])) {
    const item = readGuestCatalogue(files, directory).guests[debian];
    if (item === undefined) continue;
    const path = storedPath(directory, item);
    if (files.status(path)?.size !== item.size) continue;
    const { packageVersion, sha256 } = item;
    return {
      architecture: findArchitecture(debian).name,
      debian,
      path: files.resolve(path),
      packageVersion,
      sha256,
    };
  }
  return undefined;
}
