import { AnyarchError } from '../../core/error.ts';
import type { EngineContext, EngineName } from '../engine.ts';
import { readConfiguration, type ContainersConfiguration } from './configuration.ts';
import { othersConfiguration } from './drop-in.ts';
import { containersEngines, dropInPath, onlyConfiguration } from './place.ts';
import { installedRuntimes, nameOfChosen, shimPath, standInDirectory } from './runtime-shim.ts';

/** Why the drop-in does not do its work, or will not: sentences for people. */
export function dropInWarnings(
  { host, state }: Pick<EngineContext, 'host' | 'state'>,
  engine: EngineName,
  hooks?: string,
): string[] {
  const path = dropInPath(host, engine);
  const only = onlyConfiguration(host);
  if (only !== undefined)
    return [
      `CONTAINERS_CONF is set to ${only}: nothing else is read then, ${path} neither; unset it, or copy that there`,
    ];
  const read = readOrExplain(() => [readConfiguration(host), othersConfiguration(host)] as const);
  if (typeof read === 'string') return [read];
  const [all, others] = read;
  return [
    ...(hooks === undefined ? [] : hookWarnings(all, others, hooks)),
    ...runtimeWarnings({ host, state }, engine, all, others),
  ];
}

function hookWarnings(
  all: ContainersConfiguration,
  others: ContainersConfiguration,
  hooks: string,
): string[] {
  if (!all.hooksDirectories.includes(hooks))
    return [
      `hooks_dir is set by another file that is read later: hooks in ${hooks} do not run; add that directory there`,
    ];
  const hidden = others.hooksDirectories.filter((one) => !all.hooksDirectories.includes(one));
  return hidden.map(
    (one) => `hooks_dir has ${one} by now, which our file hides; next: anyarch rootless enable`,
  );
}

function runtimeWarnings(
  { host, state }: Pick<EngineContext, 'host' | 'state'>,
  engine: EngineName,
  all: ContainersConfiguration,
  others: ContainersConfiguration,
): string[] {
  // What stands in for acceleration becomes the shim where that is there.
  const own = [
    ...containersEngines.map((one) => shimPath(state, one, { name: '' })),
    standInDirectory(state),
  ];
  const isOurs = (path: string | undefined): boolean =>
    path !== undefined && own.some((directory) => path.startsWith(directory));
  const changed = installedRuntimes(host, others).flatMap(({ name }) => {
    const first = all.runtimes.get(name)?.[0];
    if (isOurs(first)) return [];
    const where =
      first === undefined ? 'it was not there when this was enabled' : `another file sets it to ${first}`;
    return [
      `the runtime ${name} is used without ours (${where}): builds with it do not heal by themselves; next: anyarch rootless enable ${engine}`,
    ];
  });
  return [...pathWarnings(host, engine, all, others), ...changed];
}

function pathWarnings(
  host: EngineContext['host'],
  engine: EngineName,
  { runtime }: ContainersConfiguration,
  others: ContainersConfiguration,
): string[] {
  if (runtime?.includes('/') !== true) return [];
  const isOurTurn = runtime === others.runtime && nameOfChosen(host, others) !== undefined;
  const next = isOurTurn
    ? `next: anyarch rootless enable ${engine}`
    : 'configure it by a name, with its path in [engine.runtimes]';
  return [
    engine === 'buildah'
      ? `the runtime is ${runtime}, by its path, which buildah does not look up, so nothing of ours runs before it; ${next}`
      : `the runtime is ${runtime}, by its path: builds do not heal by themselves then; ${next}`,
  ];
}

function readOrExplain<T>(action: () => T): T | string {
  try {
    return action();
  } catch (error) {
    if (error instanceof AnyarchError) return error.message;
    throw error;
  }
}
