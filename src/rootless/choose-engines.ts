import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import type { FoundEngine, RootlessEngine } from './engine.ts';
import { engineOf } from './enabled.ts';
import { engines } from './engines.ts';
import type { EnableOptions } from './options.ts';

export interface ChosenEngine {
  readonly engine: RootlessEngine;
  readonly found: FoundEngine;
}

/**
 * Those that are named, found or not; without names those that are found.
 *
 * @throws AnyarchError ANYARCH_ENGINE_NOT_FOUND where none is found
 */
export function chooseEngines(host: Host, names: EnableOptions['engines']): ChosenEngine[] {
  const looked = (names === 'found' ? engines : names.map(engineOf)).map((engine) => ({
    engine,
    found: engine.find(host),
  }));
  if (looked.some(({ found }) => found.found)) {
    return names === 'found' ? looked.filter(({ found }) => found.found) : looked;
  }
  const reasons = looked.map(({ engine, found }) => `${engine.name}: ${whyNot(found)}`);
  throw new AnyarchError('ANYARCH_ENGINE_NOT_FOUND', `no engine was found (${reasons.join('; ')})`, {
    hint: 'install one (podman, for example), or do without: anyarch run -a ARCH -- COMMAND',
    details: { engines: reasons },
  });
}

export function whyNot(found: FoundEngine): string {
  return found.found ? '' : found.reason;
}
