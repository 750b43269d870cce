import { shellWord } from '../../core/shell-word.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import type { WantedFile } from '../../installed-files/index.ts';
import type { EngineContext, EngineName } from '../engine.ts';
import { hookCommand } from '../hook-command.ts';
import { ownDirectory } from '../own-directory.ts';
import type { ContainersConfiguration } from './configuration.ts';

/** An OCI runtime that podman and buildah find by this name, with the places where it may be. */
export interface Runtime {
  readonly name: string;
  readonly candidates: readonly string[];
}

/** Those that share the host's kernel and are installed: what else runs foreign programs runs them elsewhere. */
const usual = ['crun', 'runc'];

/** Where containers-common looks (pkg/config/default.go), shorter by what are links to each other today. */
const directories = ['/usr/bin', '/usr/sbin', '/usr/local/bin', '/usr/local/sbin', '/sbin', '/bin'];
const further: Readonly<Record<string, readonly string[]>> = {
  runc: ['/usr/lib/cri-o-runc/sbin/runc'],
};

/** What can stand in for each runtime. */
export function installedRuntimes(
  { files }: Pick<Host, 'files'>,
  { runtimes, runtime }: Pick<ContainersConfiguration, 'runtimes' | 'runtime'>,
): Runtime[] {
  const name = runtime?.slice(runtime.lastIndexOf('/') + 1);
  // What is chosen by its path need not have a name.
  const isNamed = name !== undefined && (name === runtime || runtimes.has(name));
  return [...new Set([...usual, ...(isNamed ? [name] : [])])]
    .map((name) => ({
      name,
      candidates: runtimes.get(name) ?? [
        ...directories.map((directory) => `${directory}/${name}`),
        ...(further[name] ?? []),
        `/run/current-system/sw/bin/${name}`,
      ],
    }))
    .filter(({ candidates }) => candidates.some((path) => isExecutable(files, path)));
}

/**
 * The name of the runtime that is chosen by its path, where looking that name up leads to the same program, whether the
 * drop-in is there or not: containers record it. Undefined where it does not, or is chosen by its name.
 */
export function nameOfChosen(
  { files }: Pick<Host, 'files'>,
  configuration: Pick<ContainersConfiguration, 'runtimes' | 'runtime'>,
): string | undefined {
  const { runtime: path } = configuration;
  if (path?.includes('/') !== true) return undefined;
  const program = (one: string): string | undefined => ignoring(unusable, () => files.resolve(one));
  return installedRuntimes({ files }, configuration).find(({ name, candidates }) => {
    const first = candidates.find((one) => isExecutable(files, one));
    return path.endsWith(`/${name}`) && first !== undefined && program(first) === program(path);
  })?.name;
}

const unusable = ['EACCES', 'ENOENT', 'ENOTDIR', 'ELOOP'];

function isExecutable(files: Host['files'], path: string): boolean {
  return ignoring(unusable, () => files.isExecutable(path)) === true;
}

/** Below the state directory. */
export function shimPath(state: string, engine: EngineName, { name }: Pick<Runtime, 'name'>): string {
  return `${ownDirectory(state, engine)}/runtimes/${name}`;
}

/** Where a user's stand-ins of `anyarch accelerate` are, below the state directory. */
export function standInDirectory(state: string): string {
  return `${state}/accelerate/`;
}

/**
 * What stands in for a runtime: it sees to the table before a container is created, in whatever namespace that happens,
 * and becomes the runtime. Builds run no hooks, but they start runtimes.
 */
export function runtimeShim(
  { state, program }: Pick<EngineContext, 'state' | 'program'>,
  engine: EngineName,
  runtime: Runtime,
): WantedFile {
  const ensure = hookCommand({ state, program }).map(shellWord).join(' ');
  const content = `#!/bin/sh
# Made by "anyarch rootless enable ${engine}", removed by "anyarch rootless disable ${engine}".
# ${runtime.name}, and before it creates a container: foreign architectures for the namespace that it does so in.
case " $* " in
  *' create '* | *' run '*) ${ensure} ;;
esac
for runtime in ${runtime.candidates.map(shellWord).join(' ')}; do
  if [ -x "$runtime" ]; then exec "$runtime" "$@"; fi
done
echo '${runtime.name} is not installed any more; next: anyarch rootless enable ${engine}' >&2
exit 127
`;
  return { path: shimPath(state, engine, runtime), content, mode: 0o755 };
}
