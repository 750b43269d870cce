import { findArchitecture, lookUpArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import { readPersisted } from '../../persistence/index.ts';

/** What comes back at the next boot although it was unregistered, a line each. */
export function atBootNotes(
  host: Pick<Host, 'files' | 'system'>,
  unregistered: readonly string[] | 'all',
): readonly string[] {
  try {
    const persisted = readPersisted(host, stateDirectory(host.system))?.architectures ?? [];
    const names =
      unregistered === 'all' ? undefined : unregistered.map((name) => findArchitecture(name).name);
    return persisted
      .filter(({ architecture }) => names?.includes(architecture) ?? true)
      .map(({ architecture }) => lookUpArchitecture(architecture)?.debian[0] ?? architecture)
      .map(
        (name) => `${name} comes back at the next boot; to end that: sudo anyarch persist disable ${name}`,
      );
  } catch (error) {
    // What was asked for is done; what is registered at boot is another matter.
    if (error instanceof AnyarchError) return [error.message];
    throw error;
  }
}
