import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { withLock } from '../host/lock.ts';
import { SystemError } from '../host/system-error.ts';
import { removeEmpty } from './directories.ts';
import { removeLeftovers } from './leftovers.ts';
import { readManifest, writeManifest } from './manifest.ts';
import { planFor, type FileAction, type FileOptions } from './plan.ts';
import { writeFailure } from './refusal.ts';
import { identityAt, type Feature } from './wanted.ts';

type RemoveHost = Pick<Host, 'files' | 'system' | 'clock'>;

/**
 * Removes what a feature installed, as far as it can: unlike `applyFiles`, one file that is refused holds up no other. What
 * stays stays recorded.
 *
 * @returns with an error for each file that stays
 * @throws AnyarchError ANYARCH_STATE_INVALID, ANYARCH_LOCKED; ANYARCH_READ_ONLY_SYSTEM, ANYARCH_PERMISSION … of the record
 */
export function removeFiles(
  host: RemoveHost,
  state: string,
  feature: Feature,
  options: FileOptions = {},
): readonly FileAction[] {
  if (!readManifest(host, state).files.some((one) => one.feature === feature)) return [];
  try {
    return withLock(host, `${state}/installed.lock`, () => {
      const { schema, files, directories } = readManifest(host, state);
      tryTo(() => {
        removeLeftovers(host, { schema, files, directories });
      });
      const actions = planFor(host, { schema, files, directories }, feature, [], options).map((action) =>
        carryOut(host, action),
      );
      const isLeft = (path: string): boolean => identityAt(host, path) !== undefined;
      writeManifest(host, state, {
        schema,
        files: files.filter((one) => one.feature !== feature || isLeft(one.path)),
        directories: removeEmpty(host, directories),
      });
      return actions;
    });
  } catch (error) {
    throw writeFailure(host, state, error);
  }
}

/** Half-written files where nothing can be removed: their neighbours tell it. */
function tryTo(action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
}

function carryOut({ files, system }: RemoveHost, action: FileAction): FileAction {
  const { kind, path, saved } = action;
  if (kind !== 'remove') return action;
  try {
    if (saved === undefined) files.remove(path);
    else files.rename(path, saved);
    return action;
  } catch (error) {
    const failure = writeFailure({ files, system }, path, error);
    if (!(failure instanceof AnyarchError)) throw failure;
    return { kind: 'refuse', path, reason: 'it cannot be removed', error: failure };
  }
}
