import type { WantedFile } from '../../installed-files/index.ts';
import { dropIn } from '../containers/drop-in.ts';
import { environmentWarnings } from '../containers/environment-warnings.ts';
import { dropInWarnings } from '../containers/in-effect.ts';
import { dropInPath } from '../containers/place.ts';
import { servicesInUse } from '../containers/podman-service.ts';
import type { EngineContext, EngineStatus, RootlessEngine } from '../engine.ts';
import { ensureInside, removeInside } from '../ensure-inside.ts';
import { findProgram } from '../find-program.ts';
import { hookCommand } from '../hook-command.ts';
import { ownDirectory } from '../own-directory.ts';
import { realProgram } from '../real-program.ts';
import { tableOfProcess } from '../table-of-process.ts';
import { pauseProcess } from './pause-process.ts';

/**
 * Podman's containers and builds run in namespaces that a pause process holds. Once that is gone (a reboot, `podman
 * system migrate`, a kill), the next container's hook makes the table again; builds run no hooks, but start runtimes.
 */
export const podman: RootlessEngine = {
  name: 'podman',
  find: (host) => findProgram(host, 'podman'),
  files: (context) => [hookFile(context), ...dropIn(context, 'podman', hooksDirectory(context))],
  ownPaths: (host) => [dropInPath(host, 'podman')],
  ensure: (context) =>
    Promise.resolve({ state: 'done', ensured: ensureInside(context, 'podman', unshare(context)) }),
  remove: (context) =>
    Promise.resolve(
      pauseProcess(context.host) === undefined
        ? { state: 'nothing-runs', removed: [] }
        : removeInside(context, 'podman', unshare(context)),
    ),
  status: (context) => Promise.resolve(status(context)),
  inUse: ({ host }) => servicesInUse(host, 'podman'),
  warnings: warningsOf,
};

function warningsOf(context: EngineContext): readonly string[] {
  return [
    ...environmentWarnings(context.host, 'podman'),
    ...dropInWarnings(context, 'podman', hooksDirectory(context)),
  ];
}

function status(context: EngineContext): EngineStatus {
  const warnings = warningsOf(context);
  const pid = pauseProcess(context.host);
  if (pid === undefined) return { table: 'not-running', architectures: [], warnings };
  const found = tableOfProcess(context, pid);
  // As after a build: the table of the namespace that it made was gone with it.
  const isToBeMade = found.table === 'host' && found.architectures.some(({ works }) => !works);
  if (isToBeMade && warnings.length === 0) return { table: 'not-made', architectures: [], warnings };
  return { ...found, warnings: [...warnings, ...found.warnings] };
}

/** Starts a pause process where there is none. */
function unshare({ host }: EngineContext): string[] {
  return [realProgram(host, 'podman') ?? 'podman', 'unshare'];
}

function hooksDirectory({ state }: Pick<EngineContext, 'state'>): string {
  return `${ownDirectory(state, 'podman')}/hooks.d`;
}

/** See oci-hooks(5). */
function hookFile({ state, program }: EngineContext): WantedFile {
  const [path = '', ...words] = hookCommand({ state, program });
  const hook = {
    version: '1.0.0',
    hook: { path, args: [path, ...words] },
    when: { always: true },
    stages: ['createRuntime'],
  };
  return {
    path: `${hooksDirectory({ state })}/anyarch.json`,
    content: `${JSON.stringify(hook, undefined, 2)}\n`,
  };
}
