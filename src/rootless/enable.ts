import type { Host } from '../host/host.ts';
import { writeFailure } from '../installed-files/index.ts';
import {
  installHookProgram,
  recordWantedTable,
  requirePrivateTables,
  type EnsuredArchitecture,
} from '../private-table/index.ts';
import { chooseEngines, type ChosenEngine } from './choose-engines.ts';
import { withCommandLock } from './command-lock.ts';
import { enableEngine } from './enable-engine.ts';
import { enabledEngines, engineOf } from './enabled.ts';
import type { EngineContext } from './engine.ts';
import { forgetAll } from './forget-all.ts';
import { ignoringErrors } from './ignoring-errors.ts';
import type { EnableOptions } from './options.ts';
import { requireOrdinaryUser } from './ordinary-user.ts';
import { planEnabling, reportOf, unneeded } from './plan-enabling.ts';
import { prepare, type Prepared } from './prepare.ts';
import type { ReportedEngine, RootlessReport } from './report.ts';
import { tryOut } from './try-emulators.ts';

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
  if (options.dryRun) return planEnabling(host, options, chosen);
  return withCommandLock(host, state, () => carryOut(host, options, chosen));
}

async function carryOut(
  host: Host,
  options: EnableOptions,
  chosen: readonly ChosenEngine[],
): Promise<RootlessReport> {
  const { state } = options;
  const asked = await prepare(host, options, chosen);
  const { former, before } = asked;
  if (asked.wanted.architectures.length === 0 && before.length === 0) return unneeded(options, asked, chosen);
  try {
    const program = describing(host, state, () => installHookProgram(host, state));
    const tried = tryOut({ host, state, program }, asked);
    const prepared = { ...asked, wanted: tried.wanted };
    const context: EngineContext = { ...prepared, host, state, command: options.command, program };
    if (tried.failing.length > 0 && tried.wanted.architectures.length === 0)
      return reportOf(
        options,
        { ...asked, wanted: former ?? asked.wanted },
        chosen.map((one) => failedTrial(one, tried.failing)),
      );
    const engines = (await enableEach(context, prepared, options, chosen)).map((one) =>
      withFailing(one, tried.failing),
    );
    return reportOf(options, prepared, engines);
  } finally {
    if (enabledEngines(host, state).length === 0) forgetAll(host, state);
  }
}

async function enableEach(
  context: EngineContext,
  { former, before, wanted }: Prepared,
  options: EnableOptions,
  chosen: readonly ChosenEngine[],
): Promise<ReportedEngine[]> {
  const { host, state } = context;
  const names = new Set(wanted.architectures.map(({ architecture }) => architecture));
  // While the record still names them; what only changes is replaced in its place.
  if (former?.architectures.some(({ architecture }) => !names.has(architecture)) === true) {
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
  if (former !== undefined && engines.every(({ outcome }) => outcome === 'failed')) {
    describing(host, state, () => {
      recordWantedTable(host, state, former);
    });
    for (const name of before)
      await ignoringErrors(() => engineOf(name).ensure({ ...context, wanted: former }));
  }
  return engines;
}

function failedTrial(
  { engine, found }: ChosenEngine,
  failing: readonly EnsuredArchitecture[],
): ReportedEngine {
  const [error] = failing.flatMap((one) => one.error ?? []);
  return {
    engine: engine.name,
    outcome: 'failed',
    ...(found.found ? { path: found.path, version: found.version } : {}),
    files: [],
    notes: [],
    ...(error === undefined ? {} : { error }),
  };
}

function withFailing(one: ReportedEngine, failing: readonly EnsuredArchitecture[]): ReportedEngine {
  if (failing.length === 0 || one.outcome === 'failed') return one;
  const warnings = failing.map(
    ({ architecture, error }) =>
      `${architecture} is left as it was: ${error?.message ?? 'its probe does not run'}`,
  );
  return { ...one, warnings: [...(one.warnings ?? []), ...warnings] };
}

function describing<T>(host: Host, path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw writeFailure(host, path, error);
  }
}
