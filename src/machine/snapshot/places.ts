import { AnyarchError } from '../../core/error.ts';
import type { MachinePlaces } from '../places.ts';

export interface SnapshotPlaces {
  readonly directory: string;
  readonly document: string;
  readonly memory: string;
  readonly variables: string;
  /** While it is made, and while it is removed: the same files. */
  readonly unfinished: string;
}

/** What a machine is made of beside its disk. */
export type SnapshotContent = Pick<SnapshotPlaces, 'memory' | 'variables'>;

const nameForm = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,63}$/;

/** @throws AnyarchError ANYARCH_USAGE */
export function snapshotPlaces(
  { snapshots }: Pick<MachinePlaces, 'snapshots'>,
  name: string,
): SnapshotPlaces {
  if (!nameForm.test(name))
    throw new AnyarchError('ANYARCH_USAGE', `"${name.slice(0, 70)}" cannot be the name of a snapshot`, {
      hint: 'take at most 64 letters, digits, dots, hyphens and underscores, such as before-upgrade',
    });
  const directory = `${snapshots}/${name}`;
  return {
    directory,
    document: `${directory}/snapshot.json`,
    ...contentIn(directory),
    unfinished: `${snapshots}/.${name}`,
  };
}

/** @param directory of a snapshot, or where one is made */
export function contentIn(directory: string): SnapshotContent {
  return { memory: `${directory}/memory`, variables: `${directory}/variables.fd` };
}
