import type { Host } from '../host/host.ts';
import { toolTreeDirectory } from '../tool-tree/index.ts';
import type { EngineContext } from './engines/engine.ts';
import type { AccelerateOptions } from './options.ts';
import { standInProgram } from './stand-in/program.ts';
import { withSettings } from './stand-in/settings.ts';

export function engineContext(
  host: Host,
  { state, build }: Pick<AccelerateOptions, 'state' | 'build'>,
): EngineContext {
  let program: Uint8Array | undefined;
  return {
    host,
    state,
    tree: toolTreeDirectory(state),
    standIn: (settings) => withSettings((program ??= standInProgram(host, build)), settings),
  };
}
