import type { Host } from '../host/host.ts';
import { installedFiles, type Feature } from '../installed-files/index.ts';
import type { EngineName, RootlessEngine } from './engine.ts';
import { engines } from './engines.ts';

export function featureOf(engine: EngineName): Feature {
  return `rootless-${engine}`;
}

export function engineOf(name: EngineName): RootlessEngine {
  const engine = engines.find((one) => one.name === name);
  if (engine === undefined) throw new Error(`no part for the engine ${name}`);
  return engine;
}

/** Engines that files of ours are recorded for, also by a command that was killed. @throws AnyarchError ANYARCH_STATE_INVALID */
export function enabledEngines(host: Pick<Host, 'files'>, state: string): EngineName[] {
  const features = new Set(installedFiles(host, state).map(({ feature }) => feature));
  return engines.map(({ name }) => name).filter((name) => features.has(featureOf(name)));
}
