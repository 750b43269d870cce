import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { applyFiles, planFiles, removeFiles, type FileAction } from '../installed-files/index.ts';
import { reportedError } from '../registration/index.ts';
import { featureOf, hasFiles, ownAmong } from './enabled.ts';
import { engineContext } from './engine-context.ts';
import { removeServicePaths } from './engines/docker-files.ts';
import type { AccelerateEngine, EngineContext } from './engines/engine.ts';
import { accelerateEngines, engineOf } from './engines/engines.ts';
import type { AccelerateOptions } from './options.ts';
import { outcomeOf, reportedFile, type AcceleratedEngine, type AccelerateReport } from './report.ts';
import { treeStatus } from './tree-status.ts';

/** Takes away what `enableAcceleration` made. A file that a daemon still starts stays, inert, until it has been restarted. */
export function disableAcceleration(host: Host, options: AccelerateOptions): AccelerateReport {
  const context = engineContext(host, options);
  const wanted =
    options.engines === 'found'
      ? accelerateEngines.filter(({ name }) => hasFiles(context, name))
      : options.engines.map(engineOf);
  const engines = wanted.map((engine) => disable(context, engine, options));
  const { state, dryRun } = options;
  return { outcome: outcomeOf(engines), dryRun, state, tree: treeStatus(host, context.tree), engines };
}

function disable(
  context: EngineContext,
  engine: AccelerateEngine,
  options: AccelerateOptions,
): AcceleratedEngine {
  const { name } = engine;
  const nothing = { engine: name, files: [], notes: [], warnings: [] } as const;
  try {
    if (!hasFiles(context, name)) return { ...nothing, outcome: 'absent' };
    const staying = engine.staying(context);
    const actions = takeAway(context, engine, options);
    if (name === 'docker' && !options.dryRun) removeServicePaths(context);
    const error = actions.find((action) => action.error !== undefined)?.error;
    return {
      ...nothing,
      outcome: error !== undefined ? 'failed' : staying.length > 0 ? 'waiting' : 'disabled',
      files: actions.map(reportedFile),
      notes: engine.notes(context, 'disable'),
      ...(error === undefined ? {} : { error: reportedError(error) }),
    };
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    return { ...nothing, outcome: 'failed', error: reportedError(error) };
  }
}

function takeAway(
  context: EngineContext,
  engine: AccelerateEngine,
  { dryRun, force }: AccelerateOptions,
): readonly FileAction[] {
  const { host, state } = context;
  const feature = featureOf(engine.name);
  const options = { force, found: lost(context, engine) };
  const staying = engine.staying(context);
  if (staying.length === 0) return removeFiles(host, state, feature, { ...options, dryRun });
  return dryRun
    ? planFiles(host, state, feature, staying, options)
    : applyFiles(host, state, feature, staying, options);
}

/** What is there and may not be recorded; what the engine's configuration tells no more is found by its record only. */
function lost(context: EngineContext, engine: AccelerateEngine): readonly string[] {
  try {
    return ownAmong(
      context,
      engine.name,
      engine.files(context).map(({ path }) => path),
    );
  } catch (error) {
    if (error instanceof AnyarchError) return [];
    throw error;
  }
}
