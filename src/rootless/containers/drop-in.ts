import { stringify } from 'smol-toml';
import type { Host } from '../../host/host.ts';
import type { WantedFile } from '../../installed-files/index.ts';
import type { EngineContext, EngineName } from '../engine.ts';
import { readConfiguration, type ContainersConfiguration } from './configuration.ts';
import { dropInPath, ownDropIns } from './place.ts';
import { installedRuntimes, nameOfChosen, runtimeShim, shimPath, type Runtime } from './runtime-shim.ts';

/** What others than we configure. */
export function othersConfiguration(host: Pick<Host, 'files' | 'system'>): ContainersConfiguration {
  return readConfiguration(host, ownDropIns(host));
}

/**
 * A drop-in for containers.conf, and what it points to. Lists and entries of tables replace each other there, so it
 * repeats what others have configured.
 *
 * @param hooks a directory with hooks of ours
 * @throws AnyarchError ANYARCH_FILE
 */
export function dropIn(context: EngineContext, engine: EngineName, hooks?: string): readonly WantedFile[] {
  const { host, state } = context;
  const others = othersConfiguration(host);
  const runtimes = installedRuntimes(host, others);
  const runtime = nameOfChosen(host, others);
  const settings = {
    engine: {
      // A path is not looked up, so nothing could stand before it.
      ...(runtime === undefined ? {} : { runtime }),
      ...(hooks === undefined ? {} : { hooks_dir: [...others.hooksDirectories, hooks] }),
      runtimes: Object.fromEntries(runtimes.map((one) => [one.name, runtimePaths(state, engine, one)])),
    },
  };
  const content = `# Made by "anyarch rootless enable ${engine}", removed by "anyarch rootless disable ${engine}".
# Settings of other files are repeated here, because the last one counts; after you have changed them: enable again.
${stringify(settings)}`;
  return [
    ...runtimes.map((runtime) => runtimeShim(context, engine, runtime)),
    { path: dropInPath(host, engine), content },
  ];
}

/** Ours first; the real ones behind it, should ours be gone. */
function runtimePaths(state: string, engine: EngineName, runtime: Runtime): string[] {
  return [shimPath(state, engine, runtime), ...runtime.candidates];
}
