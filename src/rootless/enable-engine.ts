import { AnyarchError } from '../core/error.ts';
import { applyFiles, recordedPaths, removeFiles, type FileAction } from '../installed-files/index.ts';
import { reportedError } from '../registration/index.ts';
import { whyNot, type ChosenEngine } from './choose-engines.ts';
import { featureOf } from './enabled.ts';
import type { EngineContext, EnsuredNow, RootlessEngine } from './engine.ts';
import { ignoringErrors } from './ignoring-errors.ts';
import type { EnableOptions } from './options.ts';
import { foundPaths } from './own-paths.ts';
import { reportedFile, type ReportedEngine } from './report.ts';

/** Files first, so that nothing is lost in between; then the namespace that runs now, with the proof. */
export async function enableEngine(
  context: EngineContext,
  { engine, found }: ChosenEngine,
  { force }: Pick<EnableOptions, 'force'>,
): Promise<ReportedEngine> {
  const { host, state } = context;
  const { name } = engine;
  const feature = featureOf(name);
  let actions: readonly FileAction[] = [];
  let wasEnabled = true;
  try {
    if (!found.found) throw new AnyarchError('ANYARCH_ENGINE_NOT_FOUND', whyNot(found));
    wasEnabled = recordedPaths(host, state, feature).size > 0;
    const options = { force, found: foundPaths(host, engine) };
    actions = applyFiles(host, state, feature, engine.files(context), options);
    const now = await engine.ensure(context);
    const { path, version } = found;
    const inVain = isInVain(now);
    const isUndone = inVain && !wasEnabled;
    if (isUndone) {
      await ignoringErrors(() => engine.remove(context));
      actions = removeFiles(host, state, feature);
    }
    return {
      engine: name,
      outcome: inVain ? 'failed' : 'enabled',
      path,
      version,
      now: now.state,
      ...('reason' in now ? { reason: now.reason } : {}),
      ...('ensured' in now ? { ensured: now.ensured } : {}),
      files: actions.map(reportedFile),
      ...(isUndone ? { notes: [] } : told(context, engine)),
    };
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    const undone = wasEnabled ? actions : removeFiles(host, state, feature);
    return {
      engine: name,
      outcome: 'failed',
      ...(found.found ? { path: found.path, version: found.version } : {}),
      files: undone.map(reportedFile),
      notes: [],
      error: reportedError(error),
    };
  }
}

function told(context: EngineContext, engine: RootlessEngine): Pick<ReportedEngine, 'notes' | 'warnings'> {
  return { notes: engine.notes?.(context, 'enable') ?? [], warnings: engine.warnings?.(context) ?? [] };
}

function isInVain(now: EnsuredNow): boolean {
  if (!('ensured' in now)) return false;
  const { architectures } = now.ensured;
  return architectures.length > 0 && architectures.every(({ outcome }) => outcome === 'failed');
}
