import type { EngineContext, EngineStatus, EnsuredNow, RemovedNow, RootlessEngine } from '../engine.ts';
import { ensureInside, removeInside } from '../ensure-inside.ts';
import { insideCommand } from '../../host/node/inside.ts';
import { tableOfProcess } from '../table-of-process.ts';
import { clientWarnings } from './client-warnings.ts';
import { runningDaemons } from './daemons.ts';
import type { Daemon } from './daemons.ts';
import { findRootlessDocker } from './find.ts';
import { mergeEnsured } from './merge-ensured.ts';
import { dropInPath, removeServicePath, serviceFiles } from './service-files.ts';
import { serviceNotes, serviceWarnings } from './service-notes.ts';

/**
 * Rootless docker's daemon and its containers, BuildKit's too, share one namespace, which rootlesskit makes when the
 * service starts. The running one is entered; the service's drop-in sees to those of later starts.
 */
export const docker: RootlessEngine = {
  name: 'docker',
  find: findRootlessDocker,
  files: serviceFiles,
  ownPaths: (host) => [dropInPath(host)],
  ensure: (context) => Promise.resolve(ensure(context)),
  remove: (context) => Promise.resolve(remove(context)),
  status: (context) => Promise.resolve(status(context)),
  warnings: (context) => warningsOf(context, runningDaemons(context.host)),
  notes: serviceNotes,
};

function ensure(context: EngineContext): EnsuredNow {
  const ensured = runningDaemons(context.host).map((daemon) =>
    ensureInside(context, 'docker', enter(context, daemon)),
  );
  const [first, ...others] = ensured;
  if (first === undefined)
    return { state: 'nothing-runs', reason: 'no rootless docker of this user is running' };
  return { state: 'done', ensured: others.reduce(mergeEnsured, first) };
}

function remove(context: EngineContext): RemovedNow {
  const daemons = runningDaemons(context.host);
  const removed = daemons.flatMap(
    (daemon) => removeInside(context, 'docker', enter(context, daemon)).removed,
  );
  removeServicePath(context.host);
  return { state: daemons.length > 0 ? 'done' : 'nothing-runs', removed: [...new Set(removed)] };
}

function status(context: EngineContext): EngineStatus {
  const daemons = runningDaemons(context.host);
  const warnings = warningsOf(context, daemons);
  const found = daemons.map(({ pid }) => tableOfProcess(context, pid));
  const [first] = found;
  if (first === undefined) return { table: 'not-running', architectures: [], warnings };
  // What fails under one of them is what there is to tell.
  const worst = found.find(({ architectures }) => !architectures.every(({ works }) => works)) ?? first;
  return { ...worst, warnings: [...warnings, ...worst.warnings] };
}

function warningsOf(context: EngineContext, daemons: readonly Daemon[]): readonly string[] {
  return [...serviceWarnings(context, daemons), ...clientWarnings(context.host, daemons)];
}

function enter({ host }: EngineContext, { pid }: Daemon): readonly string[] {
  return insideCommand(host, pid, { mount: true });
}
