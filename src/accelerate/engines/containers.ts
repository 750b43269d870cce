import { stringify } from 'smol-toml';
import { AnyarchError } from '../../core/error.ts';
import type { WantedFile } from '../../installed-files/index.ts';
import {
  accelerateDropInPath,
  containersEngines,
  findProgram,
  installedRuntimes,
  nameOfChosen,
  onlyConfiguration,
  othersConfiguration,
  podmanServices,
  readConfiguration,
  shimPath,
  type ContainersEngine,
} from '../../rootless/index.ts';
import type { AccelerateEngine, EngineContext } from './engine.ts';
import { engineDirectory, madeBy } from './places.ts';

type Place = Pick<EngineContext, 'host' | 'state'>;

/**
 * Podman and buildah start OCI runtimes that they look up by name in containers.conf, whatever they run: containers,
 * builds, pods. A program of ours stands in for each. (`volumes` of containers.conf would mount the tree, too, but where
 * the tree is gone or /dev is the host's, no container would start any more: docs/acceleration-engines.md.)
 */
export function containersEngine(name: ContainersEngine): AccelerateEngine {
  return {
    name,
    find: (host) => findProgram(host, name),
    files: (context) => containersFiles(context, name),
    staying: () => [],
    notes: () => [],
    live: () => undefined,
    warnings: (context) => warnings(context, name),
    manual: (context) => manual(context, name),
  };
}

function containersFiles(context: EngineContext, engine: ContainersEngine): readonly WantedFile[] {
  const { host } = context;
  const { text, programs } = configured(context, engine);
  return [...programs, { path: accelerateDropInPath(host, engine), content: text }];
}

function configured(
  context: EngineContext,
  engine: ContainersEngine,
): { readonly text: string; readonly programs: readonly WantedFile[] } {
  const { host, tree, state, standIn } = context;
  const others = othersConfiguration(host);
  const runtimes = installedRuntimes(host, others).map(({ name, candidates }) => ({
    name,
    path: standInPath(context, engine, name),
    candidates: [...shims(context, name), ...candidates],
  }));
  if (runtimes.length === 0)
    throw new AnyarchError(
      'ANYARCH_ENGINE_NOT_FOUND',
      `there is no OCI runtime for ${engine}: neither crun nor runc`,
      {
        hint: `install crun or runc, then: anyarch accelerate enable ${engine}`,
        details: { state },
      },
    );
  const runtime = nameOfChosen(host, others);
  const settings = {
    engine: {
      // A path is not looked up, so nothing could stand before it.
      ...(runtime === undefined ? {} : { runtime }),
      // The real ones behind it, should ours be gone.
      runtimes: Object.fromEntries(
        runtimes.map(({ name, path, candidates }) => [name, [path, ...candidates]]),
      ),
    },
  };
  return {
    text: `# ${madeBy(engine)}
# Settings of other files are repeated here, because the last one counts; after you have changed them: enable again.
${stringify(settings)}`,
    programs: runtimes.map(({ path, candidates }) => ({
      path,
      content: standIn({ tree, runtimes: candidates }),
      mode: 0o755,
    })),
  };
}

function standInPath({ host, state }: Place, engine: ContainersEngine, runtime: string): string {
  return `${engineDirectory(host, state, engine)}/runtimes/${runtime}`;
}

/** What "anyarch rootless" has standing before a runtime, should that be enabled, now or later. */
function shims({ host, state }: Place, name: string): string[] {
  return host.system.uid === 0 ? [] : containersEngines.map((engine) => shimPath(state, engine, { name }));
}

function warnings(context: EngineContext, engine: ContainersEngine): string[] {
  const { host } = context;
  const path = accelerateDropInPath(host, engine);
  const only = onlyConfiguration(host);
  if (only !== undefined)
    return [
      `CONTAINERS_CONF is set to ${only}: nothing else is read then, ${path} neither; unset it, or copy that there`,
    ];
  const [all, others] = [readConfiguration(host), othersConfiguration(host)];
  const directories = containersEngines.map((one) => standInPath(context, one, ''));
  const isOurs = (first: string | undefined): boolean =>
    first !== undefined && directories.some((directory) => first.startsWith(directory));
  const hidden = installedRuntimes(host, others).filter(({ name }) => !isOurs(all.runtimes.get(name)?.[0]));
  return [
    ...hidden.map(
      ({ name }) =>
        `the runtime ${name} is used without ours: another file sets it later, or it was not there before; next: anyarch accelerate enable ${engine}`,
    ),
    ...(all.runtime?.includes('/') === true
      ? [
          `the runtime is ${all.runtime}, by its path: nothing of ours runs before it; configure it by a name, with its path in [engine.runtimes]`,
        ]
      : []),
    ...(host.system.environment['BUILDAH_ISOLATION'] === 'chroot'
      ? ['BUILDAH_ISOLATION is chroot: builds start no OCI runtime then, and are emulated; unset it']
      : []),
    ...services(context, engine),
  ];
}

/** A service keeps what was configured when it started. */
function services({ host }: Place, engine: ContainersEngine): string[] {
  const processes = engine === 'podman' ? podmanServices(host) : [];
  return processes.length === 0
    ? []
    : [
        `"podman system service" runs (process ${processes.join(', ')}): what it starts is as it was configured when it started; restart it after a change`,
      ];
}

function manual(context: EngineContext, engine: ContainersEngine): string {
  return `# ${accelerateDropInPath(context.host, engine)}\n${configured(context, engine).text}`;
}
