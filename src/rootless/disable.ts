import { AnyarchError } from '../core/error.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { writeFailure } from '../installed-files/index.ts';
import { recordWantedTable, tableRules, type WantedTable } from '../private-table/index.ts';
import { withCommandLock } from './command-lock.ts';
import { disableEngine } from './disable-engine.ts';
import { enabledEngines, engineOf } from './enabled.ts';
import type { RootlessEngine } from './engine.ts';
import { engines } from './engines.ts';
import { forgetAll } from './forget-all.ts';
import type { DisableOptions } from './options.ts';
import { requireOrdinaryUser } from './ordinary-user.ts';
import { hookProgramPath, ownDirectory } from './own-directory.ts';
import { foundPaths } from './own-paths.ts';
import { nothingWanted, readableRecord } from './readable-record.ts';
import { outcomeOf, type ReportedEngine, type RootlessReport } from './report.ts';

/**
 * Takes away what `enableRootless` made: what leads engines to us, entries out of the namespaces that run, the other files,
 * and with the last engine what all of them share. What is there otherwise is as it was before.
 *
 * @throws AnyarchError ANYARCH_PERMISSION for root, ANYARCH_STATE_INVALID, ANYARCH_LOCKED
 */
export async function disableRootless(host: Host, options: DisableOptions): Promise<RootlessReport> {
  requireOrdinaryUser(host, 'anyarch rootless disable');
  const { state, dryRun } = options;
  const isThere = host.files.status(state) !== undefined || engines.some((one) => isLost(host, state, one));
  if (dryRun || !isThere) return await carryOut(host, options);
  return await withCommandLock(host, state, () => carryOut(host, options));
}

async function carryOut(host: Host, options: DisableOptions): Promise<RootlessReport> {
  const { state, dryRun } = options;
  const recorded = readableRecord(host, state);
  const context = {
    host,
    state,
    wanted: recorded ?? nothingWanted,
    command: options.command,
    program: hookProgramPath(state),
  };
  const enabled = new Set(enabledEngines(host, state));
  const isEnabled = (one: RootlessEngine): boolean => enabled.has(one.name) || isLost(host, state, one);
  const chosen = options.engines === 'found' ? engines.filter(isEnabled) : options.engines.map(engineOf);
  if (!dryRun && recorded !== undefined && chosen.some(isEnabled)) {
    const isLast = [...enabled].every((name) => chosen.some((one) => one.name === name));
    recordLast(host, state, isLast ? { ...recorded, architectures: [] } : recorded);
  }
  const reports: ReportedEngine[] = [];
  for (const engine of chosen) {
    reports.push(
      isEnabled(engine)
        ? await disableEngine(context, engine, options, recorded !== undefined)
        : { engine: engine.name, outcome: 'absent', files: [], notes: [] },
    );
  }
  if (!dryRun) {
    const areLeft = enabledEngines(host, state).length > 0;
    if (!areLeft) forgetAll(host, state);
    else if (recorded !== undefined) recordWantedTable(host, state, recorded);
  }
  return { outcome: outcomeOf(reports), dryRun, state, architectures: [], engines: reports, notes: [] };
}

/** Hooks of containers that are just starting add nothing any more; tables that stay are to have what the host has. */
function recordLast(host: Host, state: string, wanted: WantedTable): void {
  try {
    const hosts = tableRules(host, []).map(({ text }) => decodeUtf8(text));
    recordWantedTable(host, state, { ...wanted, hosts });
  } catch (error) {
    const failure = writeFailure(host, state, error);
    if (!(failure instanceof AnyarchError)) throw failure;
    // A full disk keeps nobody from getting rid of us.
    host.log.warn(failure.message);
  }
}

/** Ours are there, and no record of them: it was lost, or is in another state directory. */
function isLost(host: Host, state: string, engine: RootlessEngine): boolean {
  return (
    foundPaths(host, engine).length > 0 ||
    host.files.linkStatus(ownDirectory(state, engine.name))?.kind === 'directory'
  );
}
