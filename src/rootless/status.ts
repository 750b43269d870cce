import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { installedFiles, planFiles, type InstalledFile } from '../installed-files/index.ts';
import {
  hookProgramFault,
  readHookFailure,
  readWantedTable,
  type WantedTable,
} from '../private-table/index.ts';
import { featureOf, engineOf } from './enabled.ts';
import type { EngineContext, RootlessEngine } from './engine.ts';
import { engines } from './engines.ts';
import { endOf, ownTableOf } from './lasting-namespace.ts';
import type { StatusOptions } from './options.ts';
import { hookProgramPath } from './own-directory.ts';
import { foundPaths } from './own-paths.ts';
import { nothingWanted } from './readable-record.ts';
import type { ReportedEngineStatus, RootlessOutcome, RootlessStatus } from './report.ts';

/** What is enabled, and whether it works; changes nothing. @throws AnyarchError ANYARCH_STATE_INVALID */
export async function rootlessStatus(host: Host, options: StatusOptions): Promise<RootlessStatus> {
  const { state, command } = options;
  const recorded = orMessage(() => readWantedTable(host, state));
  const wanted = typeof recorded === 'object' ? recorded : nothingWanted;
  const context = { host, state, wanted, command, program: hookProgramPath(state) };
  const files = installedFiles(host, state);
  const shown = options.engines === 'found' ? engines : options.engines.map(engineOf);
  const reports: ReportedEngineStatus[] = [];
  for (const engine of shown) reports.push(await engineStatus(context, engine, files));
  const enabled = reports.filter((one) => one.enabled);
  const failure = enabled.length === 0 ? undefined : orMessage(() => readHookFailure(host, state));
  const warnings = [
    ...[recorded, failure].filter((one) => typeof one === 'string'),
    ...(enabled.length === 0 ? [] : commonWarnings(context, recorded)),
  ];
  return {
    outcome: outcomeOf(enabled, warnings.length > 0),
    state,
    architectures: wanted.architectures,
    engines: reports,
    ...(typeof failure === 'object' ? { lastFailure: failure } : {}),
    warnings,
  };
}

/** What is damaged is told, beside all the rest. */
function orMessage<T>(action: () => T): T | string {
  try {
    return action();
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    const { message, hint } = error;
    return hint === undefined ? message : `${message}; next: ${hint}`;
  }
}

async function engineStatus(
  context: EngineContext,
  engine: RootlessEngine,
  installed: readonly InstalledFile[],
): Promise<ReportedEngineStatus> {
  const { host } = context;
  const { name } = engine;
  const recorded = installed
    .filter(({ feature }) => feature === featureOf(name))
    .map(({ path, state }) => ({ path, state }));
  const lost = foundPaths(host, engine).filter((path) => recorded.every((one) => one.path !== path));
  const files = [...recorded, ...lost.map((path) => ({ path, state: 'same' as const }))];
  const found = engine.find(host);
  const enabled = files.length > 0;
  const base = {
    engine: name,
    found: found.found,
    enabled,
    ...(found.found ? { path: found.path, version: found.version } : { reason: found.reason }),
    files,
  };
  if (!enabled) return { ...base, warnings: await leftTable(context, engine, found.found) };
  const changed = files
    .filter(({ state }) => state !== 'same')
    .map(({ path, state }) => `${path} is ${state}; next: anyarch rootless enable ${name}`);
  const unrecorded = lost.map(
    (path) =>
      `${path} is ours, and not recorded in ${context.state} (is it of another ANYARCH_HOME?); next: anyarch rootless enable ${name}, or disable ${name}`,
  );
  const warnings = [...changed, ...unrecorded, ...outdatedFiles(context, engine)];
  if (!found.found) return { ...base, warnings: [...warnings, `it is enabled, but ${found.reason}`] };
  try {
    const status = await engine.status(context);
    return { ...base, ...status, warnings: [...warnings, ...status.warnings] };
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    return { ...base, table: 'unknown', architectures: [], warnings: [...warnings, error.message] };
  }
}

/** Taking our entries out leaves the table, which nothing but the end of the namespace takes away. */
async function leftTable(
  context: EngineContext,
  engine: RootlessEngine,
  isFound: boolean,
): Promise<string[]> {
  if (!isFound || (await ownTableOf(context, engine)) === undefined) return [];
  return [
    `its namespace has a table of its own, which hides the host's until it ends; next: ${endOf(engine)}`,
  ];
}

/** What we would write now is not what we wrote then. */
function outdatedFiles(context: EngineContext, engine: RootlessEngine): string[] {
  const { host, state } = context;
  try {
    const actions = planFiles(host, state, featureOf(engine.name), engine.files(context));
    const stale = actions.filter(({ kind, reason }) => kind === 'replace' && reason.includes('earlier'));
    return stale.map(
      ({ path }) => `${path} would be another by now; next: anyarch rootless enable ${engine.name}`,
    );
  } catch (error) {
    if (error instanceof AnyarchError) return [error.message];
    throw error;
  }
}

function commonWarnings({ host, state }: EngineContext, wanted: WantedTable | string | undefined): string[] {
  const next = 'next: anyarch rootless enable';
  if (typeof wanted === 'string') return [];
  if (wanted === undefined) return [`it is not recorded which architectures are wanted; ${next}`];
  const lost = wanted.architectures.flatMap(({ architecture, emulator: { path, sha256 } }) => {
    if (!host.files.isExecutable(path)) return [`${architecture}: the emulator ${path} is gone; ${next}`];
    if (host.files.sha256(path) !== sha256)
      return [
        `${architecture}: ${path} is another emulator by now, tables that run keep the old one; ${next}`,
      ];
    return [];
  });
  const fault = hookProgramFault(host, state);
  return fault === undefined ? lost : [...lost, `${fault}; ${next}`];
}

function outcomeOf(enabled: readonly ReportedEngineStatus[], isWarned: boolean): RootlessOutcome {
  const checks = enabled.flatMap(({ architectures = [] }) => architectures.map(({ works }) => works));
  const isBroken = ({ table, warnings }: ReportedEngineStatus): boolean =>
    table === 'unknown' || warnings.length > 0;
  if (checks.length > 0 && checks.every((works) => !works)) return 'failed';
  return checks.includes(false) || isWarned || enabled.some(isBroken) ? 'partial' : 'ok';
}
