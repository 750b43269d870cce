import { AnyarchError } from '../core/error.ts';
import { recordedPaths, removeFiles, writeFailure, type FileAction } from '../installed-files/index.ts';
import { installHookProgram } from '../private-table/index.ts';
import { reportedError } from '../registration/index.ts';
import { anyPauseProcess } from './any-pause-process.ts';
import { removeIfEmpty } from './command-lock.ts';
import { featureOf } from './enabled.ts';
import type { EngineContext, RemovedNow, RootlessEngine } from './engine.ts';
import { endOf, ownTableOf } from './lasting-namespace.ts';
import type { DisableOptions } from './options.ts';
import { ownDirectory } from './own-directory.ts';
import { foundPaths } from './own-paths.ts';
import { reportedFile, type ReportedEngine } from './report.ts';

/**
 * First what leads the engine to us, so that what starts in the meantime does without; then the entries; then what engines
 * were led to.
 *
 * @param isRecorded whether it is known which entries are ours
 */
export async function disableEngine(
  context: EngineContext,
  engine: RootlessEngine,
  { dryRun, force }: DisableOptions,
  isRecorded: boolean,
): Promise<ReportedEngine> {
  const { host, state } = context;
  const { name } = engine;
  const feature = featureOf(name);
  const recorded = recordedPaths(host, state, feature);
  const found = foundPaths(host, engine);
  const remove = (staying: readonly string[]): readonly FileAction[] =>
    removeFiles(host, state, feature, { dryRun, force, found, staying: new Set(staying) });
  if (dryRun) {
    const files = remove([]).map(reportedFile);
    return { engine: name, outcome: 'disabled', files, notes: [] };
  }
  const inUse = force ? undefined : engine.inUse?.(context);
  if (inUse !== undefined)
    return { engine: name, outcome: 'failed', files: [], notes: [], error: reportedError(inUse) };
  const outer = remove([...recorded].filter((path) => path.startsWith(`${state}/`)));
  const removed = await removeEntries(context, engine, isRecorded);
  const isFailed = removed instanceof AnyarchError;
  // Those that name them stay. Otherwise they go whatever became of the entries: an engine that does not start any more
  // keeps nobody from getting rid of us.
  const isHeld = outer.some(({ error }) => error !== undefined);
  const actions = isHeld ? outer : [...outer, ...remove([])];
  if (recorded.size === 0) removeUnrecorded(context, engine, found);
  const left = actions.find(({ error }) => error !== undefined)?.error;
  const error = left ?? (isFailed ? removed : undefined);
  return {
    engine: name,
    outcome: error === undefined ? 'disabled' : 'failed',
    ...(isFailed ? {} : { removed: removed.removed, now: removed.state }),
    files: actions.map(reportedFile),
    notes: engine.notes?.(context, 'disable') ?? [],
    ...(isFailed || removed.warning === undefined ? {} : { warnings: [removed.warning] }),
    ...(error === undefined ? {} : { error: reportedError(error) }),
  };
}

/** Directories that were made for what was lost. */
function removeUnrecorded(
  { host, state }: EngineContext,
  { name }: RootlessEngine,
  found: readonly string[],
): void {
  host.files.remove(ownDirectory(state, name));
  for (const path of found) removeIfEmpty(host, path.slice(0, path.lastIndexOf('/')));
}

interface Removed extends RemovedNow {
  readonly warning?: string;
}

async function removeEntries(
  context: EngineContext,
  engine: RootlessEngine,
  isRecorded: boolean,
): Promise<Removed | AnyarchError> {
  const { host, state, wanted } = context;
  const nothing: Removed = { state: 'nothing-runs', removed: [] };
  if (!engine.find(host).found) return nothing;
  try {
    const areKnown = wanted.architectures.length > 0 || (wanted.former ?? []).length > 0;
    if (isRecorded && areKnown) {
      // It may be gone, or run no more.
      installHookProgram(host, state);
      const removed = await engine.remove(context);
      return removed.state === 'nothing-runs' ? { ...removed, ...unseen(context, engine) } : removed;
    }
    if (isRecorded) return nothing;
    const own = await ownTableOf(context, engine);
    if (own === undefined) return { ...nothing, ...unseen(context, engine) };
    const warning = `it is not known any more which entries in the table of ${engine.name}'s namespace are ours: they stay in force until it ends; next: ${endOf(engine)}`;
    return { ...nothing, warning };
  } catch (error) {
    const failure = writeFailure(host, state, error);
    if (failure instanceof AnyarchError) return failure;
    throw failure;
  }
}

/** Without the directory of a login session (cron, su), podman's namespaces are not found where they are. */
function unseen({ host }: EngineContext, { name }: RootlessEngine): Pick<Removed, 'warning'> {
  const { XDG_RUNTIME_DIR: runtime } = host.system.environment;
  if (name !== 'podman' || runtime?.startsWith('/') === true) return {};
  const pid = anyPauseProcess(host);
  if (pid === undefined) return {};
  return {
    warning: `podman's process ${pid} holds a namespace that cannot be reached without XDG_RUNTIME_DIR: entries of ours stay in force there; next, in your login session: podman system migrate`,
  };
}
