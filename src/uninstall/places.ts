import { absolutePath } from '../core/absolute-path.ts';
import { cacheDirectory } from '../host/cache-directory.ts';
import type { System } from '../host/host.ts';
import { cacheContent, launcherContent, probes, stateContent, type Known } from './known.ts';

/** A directory that anyarch writes to. */
export interface Place {
  readonly directory: string;
  readonly content: readonly Known[];
  /** Whether it goes once it is empty, and whether what others put there is worth telling. */
  readonly isOurs: boolean;
}

/**
 * Every place outside of the state directory that anyarch keeps files in for this user, whatever the environment was when
 * it did.
 */
export function otherPlaces(system: System, state: string): readonly Place[] {
  const { uid, environment, home } = system;
  const { XDG_CACHE_HOME: cache, XDG_RUNTIME_DIR: runtime, HOME: named, TMPDIR: temporary } = environment;
  const caches = absolute([
    `${state}/cache` === cacheDirectory(system) ? undefined : cacheDirectory(system),
    below(cache, 'anyarch'),
    below(named, '.cache/anyarch'),
    below(home, '.cache/anyarch'),
    uid === 0 ? '/var/cache/anyarch' : undefined,
  ]);
  const launchers = absolute([below(runtime, 'anyarch'), `/tmp/anyarch-${uid}`, `/dev/shm/anyarch-${uid}`]);
  const temporaries = absolute([temporary, runtime, '/dev/shm', '/tmp', '/var/tmp']);
  return [
    ...caches.map((directory) => ({ directory, content: cacheContent, isOurs: true })),
    ...launchers.map((directory) => ({ directory, content: launcherContent, isOurs: true })),
    ...temporaries.map((directory) => ({ directory, content: [probes], isOurs: false })),
  ];
}

export function statePlace(state: string): Place {
  return { directory: state, content: stateContent, isOurs: true };
}

/** As the command was called from. */
export function absoluteState(state: string, workingDirectory: string): string {
  return absolutePath(state, workingDirectory).replace(/(?<=.)\/+$/, '');
}

function below(directory: string | undefined, name: string): string | undefined {
  return directory === undefined ? undefined : `${directory}/${name}`;
}

function absolute(paths: readonly (string | undefined)[]): string[] {
  return [...new Set(paths)].filter((path): path is string => path?.startsWith('/') === true);
}
