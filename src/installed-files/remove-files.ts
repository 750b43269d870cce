import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { withLock } from '../host/lock.ts';
import { SystemError } from '../host/system-error.ts';
import { systemDirectory } from '../host/system-directory.ts';
import { removeEmpty } from './directories.ts';
import { withFound } from './found.ts';
import { removeLeftovers } from './leftovers.ts';
import { readManifest, writeManifest, type Manifest } from './manifest.ts';
import { planFor, type FileAction, type FileOptions } from './plan.ts';
import { writeFailure } from './refusal.ts';
import { identityAt, type Feature } from './wanted.ts';

type RemoveHost = Pick<Host, 'files' | 'system' | 'clock'>;

export interface RemoveOptions extends FileOptions {
  /** Change nothing, return what would be done. */
  readonly dryRun?: boolean;
}

/**
 * Removes what a feature installed, as far as it can: unlike with `applyFiles`, a file that is refused holds up only what it
 * may name, emulators and programs of ours. What stays stays recorded.
 *
 * @returns with an error for each file that cannot be removed, `keep` for those that it holds up
 * @throws AnyarchError ANYARCH_STATE_INVALID, ANYARCH_LOCKED; ANYARCH_READ_ONLY_SYSTEM, ANYARCH_PERMISSION … of the record
 */
export function removeFiles(
  host: RemoveHost,
  state: string,
  feature: Feature,
  { dryRun = false, ...options }: RemoveOptions = {},
): readonly FileAction[] {
  const known = (): Manifest => withFound(host, readManifest(host, state), feature, options.found);
  if (!known().files.some((one) => one.feature === feature)) return [];
  if (dryRun) return inOrder(planFor(host, known(), feature, [], options), state, (one) => one);
  try {
    return withLock(host, `${state}/installed.lock`, () => {
      const manifest = known();
      tryTo(() => {
        removeLeftovers(host, manifest);
      });
      const planned = planFor(host, manifest, feature, [], options);
      const actions = inOrder(planned, state, (action) => carryOut(host, action));
      const isLeft = (path: string): boolean => identityAt(host, path) !== undefined;
      writeManifest(host, state, {
        schema: manifest.schema,
        files: manifest.files.filter((one) => one.feature !== feature || isLeft(one.path)),
        directories: removeEmpty(host, manifest.directories),
      });
      return actions;
    });
  } catch (error) {
    throw writeFailure(host, state, error);
  }
}

/** First what names others, then those, unless some of the first stays. */
function inOrder(
  actions: readonly FileAction[],
  state: string,
  carry: (action: FileAction) => FileAction,
): FileAction[] {
  // Root's programs and a user's.
  const isNamed = ({ path }: FileAction): boolean =>
    [systemDirectory, state].some((directory) => path.startsWith(`${directory}/`));
  const first = actions.filter((action) => !isNamed(action)).map(carry);
  const held = first.find(({ error }) => error !== undefined)?.path;
  const named = actions
    .filter(isNamed)
    .map((action): FileAction =>
      held === undefined
        ? carry(action)
        : { kind: 'keep', path: action.path, reason: `${held} stays, and may name it` },
    );
  return [...first, ...named];
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
