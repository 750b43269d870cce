import type { Host } from '../host/host.ts';
import type { AccelerateEngineName } from './engine-names.ts';
import { engineContext } from './engine-context.ts';
import { accelerateEngines, engineOf } from './engines/engines.ts';
import type { AccelerateOptions } from './options.ts';

/** What to add to engines that people configure themselves, with paths of programs that `enableAcceleration` would make. */
export function accelerationInstructions(
  host: Host,
  options: Pick<AccelerateOptions, 'engines' | 'state' | 'build'>,
): readonly { readonly engine: AccelerateEngineName; readonly text: string }[] {
  const context = engineContext(host, options);
  const wanted =
    options.engines === 'found'
      ? accelerateEngines.filter((engine) => engine.find(host).found && engine.isSetUp?.(context) !== false)
      : options.engines.map(engineOf);
  return wanted.map((engine) => ({ engine: engine.name, text: engine.manual(context) }));
}
