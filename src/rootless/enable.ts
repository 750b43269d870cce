import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { acquireLock } from '../host/lock.ts';
import { ignoring } from '../host/system-error.ts';
import { planFiles, writeFailure } from '../installed-files/index.ts';
import {
  installHookProgram,
  readWantedTable,
  recordWantedTable,
  requirePrivateTables,
  type WantedTable,
} from '../private-table/index.ts';
import { reportedError } from '../registration/index.ts';
import { chooseEngines, whyNot, type ChosenEngine } from './choose-engines.ts';
import { enableEngine } from './enable-engine.ts';
import { enabledEngines, engineOf, featureOf } from './enabled.ts';
import type { EngineContext } from './engine.ts';
import { forgetAll } from './forget-all.ts';
import { handledByHost } from './handled-by-host.ts';
import type { EnableOptions } from './options.ts';
import { requireOrdinaryUser } from './ordinary-user.ts';
import { foundPaths } from './own-paths.ts';
import { hookProgramPath } from './own-directory.ts';
import { outcomeOf, reportedFile, type ReportedEngine, type RootlessReport } from './report.ts';
import { compared, outdated, wantedTable } from './wanted.ts';

/**
 * Makes engines run foreign containers for the calling user: now, and whenever their namespaces are made anew. Killed at
 * any point, it leaves what the next call of it or of `disableRootless` repairs; an engine that fails gets back what was.
 *
 * @throws AnyarchError ANYARCH_PERMISSION for root, ANYARCH_ENGINE_NOT_FOUND, ANYARCH_NAMESPACE,
 *   ANYARCH_BINFMT_UNSUPPORTED, ANYARCH_SUBORDINATE_IDS, ANYARCH_STATE_INVALID, ANYARCH_LOCKED, ANYARCH_DISK_FULL
 */
export async function enableRootless(host: Host, options: EnableOptions): Promise<RootlessReport> {
  requireOrdinaryUser(host, 'anyarch rootless enable');
  const chosen = chooseEngines(host, options.engines);
  requirePrivateTables(host, {
    subordinateIds: chosen.some(({ engine, found }) => found.found && engine.name !== 'apptainer'),
  });
  const { state } = options;
  if (options.dryRun) return planAlone(host, options, chosen);
  describing(host, state, () => {
    host.files.makeDirectory(state, 0o755);
  });
  const lock = acquireLock(host, `${state}/rootless-command.lock`, { waitMs: 120_000 });
  try {
    return await carryOut(host, options, chosen);
  } finally {
    lock.release();
  }
}

interface Prepared {
  readonly former: WantedTable | undefined;
  readonly wanted: WantedTable;
  readonly byHost: ReadonlySet<string>;
}

function prepare(host: Host, { state, emulated }: EnableOptions): Prepared {
  const former = readWantedTable(host, state);
  const names = emulated.map(({ architecture }) => architecture.name);
  const byHost = handledByHost(host, state, names);
  return { former, wanted: wantedTable(host, emulated, byHost), byHost };
}

async function carryOut(
  host: Host,
  options: EnableOptions,
  chosen: readonly ChosenEngine[],
): Promise<RootlessReport> {
  const { state } = options;
  const prepared = prepare(host, options);
  const { former, wanted } = prepared;
  const before = enabledEngines(host, state);
  if (wanted.architectures.length === 0 && before.length === 0) return unneeded(options, prepared, chosen);
  const stale = outdated(former, wanted);
  const context: EngineContext = {
    host,
    state,
    wanted,
    command: options.command,
    program: describing(host, state, () => {
      if (former !== undefined && stale.length === 0) recordWantedTable(host, state, wanted);
      return installHookProgram(host, state);
    }),
  };
  // While the record still names them.
  if (former !== undefined && stale.length > 0) {
    for (const name of before) await engineOf(name).remove({ ...context, wanted: former });
  }
  describing(host, state, () => {
    recordWantedTable(host, state, wanted);
  });
  const named = new Set(chosen.map(({ engine }) => engine.name));
  // What is wanted is wanted everywhere: those that were enabled before follow.
  const others = before
    .filter((name) => !named.has(name))
    .map((name) => ({ engine: engineOf(name), found: engineOf(name).find(host) }));
  const engines: ReportedEngine[] = [];
  for (const one of [...chosen, ...others]) engines.push(await enableEngine(context, one, options));
  if (enabledEngines(host, state).length === 0) {
    if (former === undefined) forgetAll(host, state);
    else recordWantedTable(host, state, former);
  }
  return reportOf(options, prepared, engines);
}

/** Nothing is made where nothing is missing. */
function unneeded(
  options: EnableOptions,
  prepared: Prepared,
  chosen: readonly ChosenEngine[],
): RootlessReport {
  return reportOf(
    options,
    prepared,
    chosen.map(({ engine, found }) => ({
      engine: engine.name,
      ...(found.found ? { path: found.path, version: found.version } : {}),
      outcome: 'unneeded',
      reason: "the host's table handles all of them",
      files: [],
      notes: [],
    })),
  );
}

/** Probes need a place for a moment. */
function planAlone(host: Host, options: EnableOptions, chosen: readonly ChosenEngine[]): RootlessReport {
  const isThere = host.files.status(options.state) !== undefined;
  try {
    return plan(host, options, chosen);
  } finally {
    if (!isThere)
      ignoring(['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EACCES', 'EPERM'], () => {
        host.files.removeDirectory(options.state);
      });
  }
}

function plan(host: Host, options: EnableOptions, chosen: readonly ChosenEngine[]): RootlessReport {
  const { state, force } = options;
  const prepared = prepare(host, options);
  const { wanted } = prepared;
  if (wanted.architectures.length === 0 && enabledEngines(host, state).length === 0)
    return unneeded(options, prepared, chosen);
  const context = { host, state, wanted, command: options.command, program: hookProgramPath(state) };
  return reportOf(
    options,
    prepared,
    chosen.map(({ engine, found }): ReportedEngine => {
      if (!found.found) return notFound({ engine, found });
      try {
        const planned = planFiles(host, state, featureOf(engine.name), engine.files(context), {
          force,
          found: foundPaths(host, engine),
        });
        const isRefused = planned.some(({ error }) => error !== undefined);
        return {
          engine: engine.name,
          outcome: isRefused ? 'failed' : 'enabled',
          path: found.path,
          version: found.version,
          files: planned.map(reportedFile),
          notes: [],
        };
      } catch (error) {
        if (!(error instanceof AnyarchError)) throw error;
        return { engine: engine.name, outcome: 'failed', files: [], notes: [], error: reportedError(error) };
      }
    }),
  );
}

function notFound({ engine, found }: ChosenEngine): ReportedEngine {
  const error = new AnyarchError('ANYARCH_ENGINE_NOT_FOUND', whyNot(found));
  return { engine: engine.name, outcome: 'failed', files: [], notes: [], error: reportedError(error) };
}

function reportOf(
  { state, dryRun }: EnableOptions,
  { former, wanted, byHost }: Prepared,
  engines: readonly ReportedEngine[],
): RootlessReport {
  const architectures = compared(former, wanted, byHost);
  return { outcome: outcomeOf(engines), dryRun, state, architectures, engines, notes: [] };
}

function describing<T>(host: Host, path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw writeFailure(host, path, error);
  }
}
