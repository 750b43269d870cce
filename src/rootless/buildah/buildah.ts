import { dropIn } from '../containers/drop-in.ts';
import { environmentWarnings } from '../containers/environment-warnings.ts';
import { dropInWarnings } from '../containers/in-effect.ts';
import { dropInPath } from '../containers/place.ts';
import { servicesInUse } from '../containers/podman-service.ts';
import type { EngineContext, EngineStatus, RootlessEngine } from '../engine.ts';
import { ensureInside } from '../ensure-inside.ts';
import { findProgram } from '../find-program.ts';
import { realProgram } from '../real-program.ts';

const reason =
  'each command of buildah has a namespace of its own, which gets a table before a container is created';

/** Each command of buildah makes namespaces of its own; the runtime that it starts in there sees to the table. */
export const buildah: RootlessEngine = {
  name: 'buildah',
  find: (host) => findProgram(host, 'buildah'),
  files: (context) => dropIn(context, 'buildah'),
  ownPaths: (host) => [dropInPath(host, 'buildah')],
  ensure: (context) => Promise.resolve({ state: 'per-command', reason, ensured: tryOut(context) }),
  remove: () => Promise.resolve({ state: 'per-command', removed: [] }),
  status: (context) => Promise.resolve(status(context)),
  // Podman reads buildah's drop-in, too, and its own after that.
  inUse: ({ host }) =>
    host.files.linkStatus(dropInPath(host, 'podman')) === undefined
      ? servicesInUse(host, 'buildah')
      : undefined,
  warnings: warningsOf,
};

function warningsOf(context: EngineContext): readonly string[] {
  return [...environmentWarnings(context.host, 'buildah'), ...dropInWarnings(context, 'buildah')];
}

function status(context: EngineContext): EngineStatus {
  const { architectures } = tryOut(context);
  return {
    table: 'per-command',
    architectures: architectures.map(({ architecture, outcome }) => ({
      architecture,
      works: outcome !== 'failed',
    })),
    warnings: warningsOf(context),
  };
}

/** In the namespace of one command, which is gone afterwards. */
function tryOut(context: EngineContext): ReturnType<typeof ensureInside> {
  return ensureInside(context, 'buildah', [realProgram(context.host, 'buildah') ?? 'buildah', 'unshare']);
}
