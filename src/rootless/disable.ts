import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { acquireLock } from '../host/lock.ts';
import { ignoring } from '../host/system-error.ts';
import { removeFiles } from '../installed-files/index.ts';
import { readWantedTable, type WantedTable } from '../private-table/index.ts';
import { reportedError } from '../registration/index.ts';
import { enabledEngines, engineOf, featureOf } from './enabled.ts';
import type { EngineContext, RemovedNow, RootlessEngine } from './engine.ts';
import { engines } from './engines.ts';
import { forgetAll } from './forget-all.ts';
import type { DisableOptions } from './options.ts';
import { requireOrdinaryUser } from './ordinary-user.ts';
import { hookProgramPath } from './own-directory.ts';
import { foundPaths } from './own-paths.ts';
import { outcomeOf, reportedFile, type ReportedEngine, type RootlessReport } from './report.ts';

/**
 * Takes away what `enableRootless` made: entries out of the namespaces that run, files, and with the last engine what all
 * of them share. What is there otherwise is as it was before.
 *
 * @throws AnyarchError ANYARCH_PERMISSION for root, ANYARCH_STATE_INVALID, ANYARCH_LOCKED
 */
export async function disableRootless(host: Host, options: DisableOptions): Promise<RootlessReport> {
  requireOrdinaryUser(host, 'anyarch rootless disable');
  const { state, dryRun } = options;
  const isThere = host.files.status(state) !== undefined;
  if (dryRun || !isThere) return await carryOut(host, options);
  const lock = acquireLock(host, `${state}/rootless-command.lock`, { waitMs: 120_000 });
  try {
    return await carryOut(host, options);
  } finally {
    lock.release();
    // Made for this alone, as far as it is empty.
    ignoring(['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EACCES', 'EPERM', 'EBUSY'], () => {
      host.files.removeDirectory(state);
    });
  }
}

async function carryOut(host: Host, options: DisableOptions): Promise<RootlessReport> {
  const { state, dryRun } = options;
  const wanted = readable(host, state);
  const context = {
    host,
    state,
    wanted: wanted ?? { schema: 1 as const, architectures: [], at: '', by: '' },
    command: options.command,
    program: hookProgramPath(state),
  };
  const enabled = new Set(enabledEngines(host, state));
  const isLost = (engine: RootlessEngine): boolean => foundPaths(host, engine).length > 0;
  const chosen =
    options.engines === 'found'
      ? engines.filter((engine) => enabled.has(engine.name) || isLost(engine))
      : options.engines.map(engineOf);
  const reports: ReportedEngine[] = [];
  for (const engine of chosen) {
    reports.push(
      enabled.has(engine.name) || isLost(engine)
        ? await disableEngine(context, engine, options)
        : { engine: engine.name, outcome: 'absent', files: [], notes: [] },
    );
  }
  if (!dryRun && enabledEngines(host, state).length === 0) forgetAll(host, state);
  return { outcome: outcomeOf(reports), dryRun, state, architectures: [], engines: reports, notes: [] };
}

async function disableEngine(
  context: EngineContext,
  engine: RootlessEngine,
  { dryRun, force }: DisableOptions,
): Promise<ReportedEngine> {
  const { host, state } = context;
  const { name } = engine;
  const removed = dryRun ? undefined : await removeEntries(context, engine);
  const isFailed = removed instanceof AnyarchError;
  // The files go all the same: an engine that does not start any more keeps nobody from getting rid of us.
  const actions = removeFiles(host, state, featureOf(name), {
    dryRun,
    force,
    found: foundPaths(host, engine),
  });
  const left = actions.find(({ error }) => error !== undefined)?.error;
  const error = left ?? (isFailed ? removed : undefined);
  return {
    engine: name,
    outcome: error === undefined ? 'disabled' : 'failed',
    ...(removed === undefined || isFailed ? {} : { removed: removed.removed, now: removed.state }),
    files: actions.map(reportedFile),
    notes: dryRun ? [] : (engine.notes?.(context, 'disable') ?? []),
    ...(error === undefined ? {} : { error: reportedError(error) }),
  };
}

async function removeEntries(
  context: EngineContext,
  engine: RootlessEngine,
): Promise<RemovedNow | AnyarchError> {
  const { host, wanted, program } = context;
  const canRemove = wanted.architectures.length > 0 && host.files.status(program) !== undefined;
  if (!canRemove || !engine.find(host).found) return { state: 'nothing-runs', removed: [] };
  try {
    return await engine.remove(context);
  } catch (error) {
    if (error instanceof AnyarchError) return error;
    throw error;
  }
}

/** A damaged record keeps nobody from disabling: entries go with their namespaces. */
function readable(host: Host, state: string): WantedTable | undefined {
  try {
    return readWantedTable(host, state);
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    host.log.warn(error.message);
    return undefined;
  }
}
