import { toolTreeMount } from '../../core/recipe/mount.ts';
import type { Host } from '../../host/host.ts';
import { readPairings, type StartUp } from './pairing.ts';

/**
 * What a start of a native program and of the one that it replaces costs, measured when the set was made; by what was
 * executed: `/dev/.anyarch/abc234/bin/make`. Undefined for what is not known.
 */
export function startUpOf(
  host: Pick<Host, 'files'>,
  state: string,
): (execPath: string) => StartUp | undefined {
  let known: ReadonlyMap<string, StartUp> | undefined;
  return (execPath) => {
    known ??= readAll(host, state);
    return execPath.startsWith(`${toolTreeMount}/`) ? known.get(execPath) : undefined;
  };
}

function readAll({ files }: Pick<Host, 'files'>, state: string): ReadonlyMap<string, StartUp> {
  const entries = readPairings(files, state).flatMap(({ tools }) =>
    tools.flatMap(({ recipe, startUp }) => (startUp === undefined ? [] : [[recipe.exec, startUp] as const])),
  );
  return new Map(entries);
}
