import { toolTreeMount } from '../../core/recipe/mount.ts';
import type { Host } from '../../host/host.ts';
import { readPairings } from './pairing.ts';

/** What a start costs, measured when the set was made. */
export interface StartUp {
  /** Milliseconds. */
  readonly emulatedMs: number;
  readonly acceleratedMs: number;
}

/**
 * For what was executed: `/dev/.anyarch/abc234/bin/make`. Undefined for what is not known.
 *
 * The tests' time over the number of starts in them: they are short, so it is nearly all start-up.
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
    tools.flatMap(({ recipe, emulatedMs, nativeMs, executions }) =>
      emulatedMs === undefined || nativeMs === undefined || executions === undefined || executions === 0
        ? []
        : [
            [
              recipe.exec,
              { emulatedMs: emulatedMs / executions, acceleratedMs: nativeMs / executions },
            ] as const,
          ],
    ),
  );
  return new Map(entries);
}
