import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import {
  applyFiles,
  installedFiles,
  planFiles,
  removeFiles,
  type FileAction,
  type WantedFile,
} from '../installed-files/index.ts';
import { reportedError } from '../registration/index.ts';
import type { FoundEngine } from '../rootless/index.ts';
import { featureOf, isEnabled, ownAmong } from './enabled.ts';
import type { AccelerateEngineName } from './engine-names.ts';
import { engineContext } from './engine-context.ts';
import type { AccelerateEngine, EngineContext } from './engines/engine.ts';
import { accelerateEngines, engineOf } from './engines/engines.ts';
import type { AccelerateOptions } from './options.ts';
import { outcomeOf, reportedFile, type AcceleratedEngine, type AccelerateReport } from './report.ts';
import { treeStatus } from './tree-status.ts';

/**
 * Has engines mount the tool tree into the containers that they start, by files of ours only. A container that starts without
 * any of this starts with it.
 *
 * @throws AnyarchError ANYARCH_ENGINE_NOT_FOUND where there is none of those that are wanted at all
 */
export function enableAcceleration(host: Host, options: AccelerateOptions): AccelerateReport {
  const context = engineContext(host, options);
  const wanted = options.engines === 'found' ? accelerateEngines : options.engines.map(engineOf);
  const looked = wanted.map((engine) => ({ engine, found: engine.find(host) }));
  const chosen =
    options.engines === 'found'
      ? looked.filter(({ engine, found }) => found.found && engine.isSetUp?.(context) !== false)
      : looked;
  if (chosen.length === 0)
    throw new AnyarchError(
      'ANYARCH_ENGINE_NOT_FOUND',
      `there is no engine to accelerate: ${looked.map(({ engine, found }) => ('reason' in found ? found.reason : `${engine.name} is not set up for this user`)).join('; ')}`,
      { hint: 'install podman, buildah or docker; anyarch run needs none of them' },
    );
  const engines = chosen.map(({ engine, found }) => enable(context, engine, found, options));
  const { state, dryRun } = options;
  return { outcome: outcomeOf(engines), dryRun, state, tree: treeStatus(host, context.tree), engines };
}

function enable(
  context: EngineContext,
  engine: AccelerateEngine,
  found: FoundEngine,
  { dryRun, force }: AccelerateOptions,
): AcceleratedEngine {
  const { host, state } = context;
  const { name } = engine;
  const feature = featureOf(name);
  const wasEnabled = isEnabled(context, name);
  let actions: readonly FileAction[] = [];
  try {
    if (!found.found) throw notFound(context, name, found.reason);
    const files = engine.files(context);
    const options = {
      force,
      found: ownAmong(
        context,
        name,
        files.map(({ path }) => path),
      ),
    };
    actions = dryRun
      ? planFiles(host, state, feature, files, options)
      : applyFiles(host, state, feature, files, options);
    const refused = actions.find(({ error }) => error !== undefined)?.error;
    if (refused !== undefined) throw refused;
    if (!dryRun) requireWorking(host, files);
    return {
      engine: name,
      outcome: 'enabled',
      path: found.path,
      version: found.version,
      files: actions.map(reportedFile),
      notes: engine.notes(context, 'enable'),
      // What notes say is to be done is none yet.
      warnings: dryRun || engine.live(context)?.state === 'restart' ? [] : engine.warnings(context),
    };
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    const undone = dryRun || wasEnabled ? actions : removeFiles(host, state, feature);
    return {
      engine: name,
      outcome: 'failed',
      ...(found.found ? { path: found.path, version: found.version } : {}),
      files: undone.map(reportedFile),
      notes: [],
      warnings: [],
      error: reportedError(error),
    };
  }
}

/** An engine does not start with a drop-in that it cannot read, which may be ours as somebody left it. */
function notFound({ host, state }: EngineContext, name: AccelerateEngineName, reason: string): AnyarchError {
  const changed = installedFiles(host, state).find(
    (file) => file.feature === featureOf(name) && file.state === 'changed',
  );
  if (changed === undefined) return new AnyarchError('ANYARCH_ENGINE_NOT_FOUND', reason);
  return new AnyarchError('ANYARCH_ENGINE_FAILED', reason, {
    hint: `somebody changed ${changed.path}, and that may be why; anyarch accelerate disable ${name} --force takes it away and keeps it beside`,
    details: { path: changed.path },
  });
}

/** Every container would need them: each becomes its runtime, which tells its version. */
function requireWorking({ processes }: Host, files: readonly WantedFile[]): void {
  for (const { path, content } of files) {
    if (!(content instanceof Uint8Array)) continue;
    const { exitCode, stderr, startError } = processes.run([path, '--version'], { timeoutMs: 20_000 });
    if (exitCode === 0) continue;
    const said =
      startError ?? (stderr.trim() === '' ? `it ended with ${exitCode ?? 'a signal'}` : stderr.trim());
    throw new AnyarchError('ANYARCH_ENGINE_FAILED', `${path} does not become the OCI runtime: ${said}`, {
      hint: 'see whether that runtime works by itself, and whether the file system is mounted noexec',
      details: { path },
    });
  }
}
