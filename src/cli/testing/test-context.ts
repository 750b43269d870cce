import type { Host } from '../../host/host.ts';
import type { Context } from '../command.ts';
import { plain } from '../style.ts';

/** Where nobody watches and nothing is coloured. */
export function testContext(host: Host): Context {
  return {
    host,
    terminal: {
      columns: 100,
      interactive: false,
      style: plain,
      writeResult: () => undefined,
      writeError: () => undefined,
    },
    json: false,
    signal: new AbortController().signal,
    handOverSignals: () => undefined,
  };
}
