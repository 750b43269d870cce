import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { planFiles } from '../installed-files/index.ts';
import { reportedError } from '../registration/index.ts';
import { whyNot, type ChosenEngine } from './choose-engines.ts';
import { removeIfEmpty } from './command-lock.ts';
import { featureOf } from './enabled.ts';
import type { EnableOptions } from './options.ts';
import { hookProgramPath } from './own-directory.ts';
import { foundPaths } from './own-paths.ts';
import { prepare, type Prepared } from './prepare.ts';
import { outcomeOf, reportedFile, type ReportedEngine, type RootlessReport } from './report.ts';
import { compared } from './wanted.ts';

/** What `enableRootless` would do. Probes need a place for a moment. */
export async function planEnabling(
  host: Host,
  options: EnableOptions,
  chosen: readonly ChosenEngine[],
): Promise<RootlessReport> {
  const isThere = host.files.status(options.state) !== undefined;
  try {
    return await plan(host, options, chosen);
  } finally {
    if (!isThere) removeIfEmpty(host, options.state);
  }
}

async function plan(
  host: Host,
  options: EnableOptions,
  chosen: readonly ChosenEngine[],
): Promise<RootlessReport> {
  const { state, force } = options;
  const prepared = await prepare(host, options, chosen);
  const { wanted, before } = prepared;
  if (wanted.architectures.length === 0 && before.length === 0) return unneeded(options, prepared, chosen);
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

/** Nothing is made where nothing is missing. */
export function unneeded(
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

export function reportOf(
  { state, dryRun }: EnableOptions,
  { former, wanted, byHost }: Prepared,
  engines: readonly ReportedEngine[],
): RootlessReport {
  const architectures = compared(former, wanted, byHost);
  return { outcome: outcomeOf(engines), dryRun, state, architectures, engines, notes: [] };
}
