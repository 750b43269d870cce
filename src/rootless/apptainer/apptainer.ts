import type { Host } from '../../host/host.ts';
import type { WantedFile } from '../../installed-files/index.ts';
import type { EngineContext, EngineStatus, FoundEngine, RootlessEngine } from '../engine.ts';
import { findProgram } from '../find-program.ts';
import { firstProgram, isShim, realProgram } from '../real-program.ts';
import { requireShimPlace } from '../shim-place.ts';
import { shimDirectory, shimFile } from '../shim.ts';
import { enabledNamespace } from './enabled-namespace.ts';
import { tryOut } from './try-out.ts';

/** Singularity is its former name, under which scripts still start it. */
const names = ['apptainer', 'singularity'] as const;

/** Those that run a container, and map no other ids for it: newuidmap is nobody's where only one's own id is mapped. */
const choice = {
  commands: ['exec', 'run', 'shell', 'test', 'instance'],
  // What runs already is in a namespace that only its owner outside of ours can enter.
  exceptFor: ['instance://*', '--fakeroot'],
  exceptForFlags: ['-f'],
};

const reason =
  'a shim gives each command of apptainer that runs a container a namespace with a table of its own';

/**
 * Apptainer keeps nothing running between its commands, and looks at the table itself before it takes a SIF image of
 * another architecture. A shim starts its commands in a namespace that has the entries, with the user's own ids.
 */
export const apptainer: RootlessEngine = {
  name: 'apptainer',
  find,
  files,
  ownPaths: (host) => names.map((name) => `${shimDirectory(host)}/${name}`),
  ensure: () => Promise.resolve({ state: 'per-command', reason }),
  remove: () => Promise.resolve({ state: 'per-command', removed: [] }),
  status: (context) => Promise.resolve(status(context)),
  notes: (context, action) => (action === 'enable' ? notes(context) : []),
};

function find(host: Host): FoundEngine {
  const found = findProgram(host, 'apptainer');
  if (found.found || realProgram(host, 'singularity') === undefined) return found;
  return {
    found: false,
    reason:
      'there is no apptainer in PATH; singularity is another program since it is called so (SingularityCE)',
  };
}

/** A shim for each name that there is. */
function files(context: EngineContext): readonly WantedFile[] {
  return installed(context).map(({ name, real }) => {
    requireShimPlace(context.host, name, real);
    return shimFile(context, name, real, {
      engine: 'apptainer',
      ...enabledNamespace(context),
      ...choice,
    });
  });
}

function status(context: EngineContext): EngineStatus {
  const warnings = installed(context).flatMap(({ name, real }) => {
    const shim = `${shimDirectory(context.host)}/${name}`;
    if (!isShim(context.host, shim)) return [];
    return firstProgram(context.host, name) === shim
      ? []
      : [`PATH leads to ${real}, not to the shim ${shim}: log in again, or put its directory first`];
  });
  return { table: 'per-command', architectures: tryOut(context, enabledNamespace(context).within), warnings };
}

function notes(context: EngineContext): string[] {
  const waiting = installed(context).some(
    ({ name, real }) => requireShimPlace(context.host, name, real) === 'at-login',
  );
  return [...(waiting ? [`${shimDirectory(context.host)} comes into PATH at the next login`] : [])];
}

function installed({ host }: EngineContext): { readonly name: string; readonly real: string }[] {
  return names.flatMap((name) => {
    const real = realProgram(host, name);
    return real === undefined ? [] : [{ name, real }];
  });
}
