import { absolutePath } from '../core/absolute-path.ts';
import { cacheDirectory } from '../host/cache-directory.ts';
import type { System } from '../host/host.ts';
import { systemStateDirectory } from '../host/state-directory.ts';
import { systemDirectory } from '../host/system-directory.ts';
import { cacheContent, launcherContent, probes, stateContent, systemContent, type Known } from './known.ts';

/** A directory that anyarch writes to. */
export interface Place {
  readonly directory: string;
  readonly content: readonly Known[];
  /** Whether it goes once it is empty, and whether what others put there is worth telling. */
  readonly isOurs: boolean;
  /** Somebody's choice of a directory, where he may keep files of his own, too. */
  readonly isChosen?: boolean;
}

/**
 * Every place outside of the state directory that anyarch keeps files in for this user, whatever the environment was when
 * it did.
 */
export function otherPlaces(system: System): readonly Place[] {
  const { uid, environment, home } = system;
  const { XDG_CACHE_HOME: cache, XDG_RUNTIME_DIR: runtime, HOME: named, TMPDIR: temporary } = environment;
  const caches = absolute([
    // With ANYARCH_HOME it is in the state directory.
    (environment['ANYARCH_HOME'] ?? '') === '' ? cacheDirectory(system) : undefined,
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

export function statePlace(system: System, state: string): Place {
  const isNamed = (system.environment['ANYARCH_HOME'] ?? '') !== '';
  const isUsual = state === systemStateDirectory || state.endsWith('/.local/share/anyarch');
  return { directory: state, content: stateContent, isOurs: true, isChosen: isNamed && !isUsual };
}

/** What is there for all users: emulators and programs that entries and services name. */
export const systemPlace: Place = { directory: systemDirectory, content: systemContent, isOurs: true };

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
