import type { Host } from '../../../src/host/host.ts';
import { nodeHost } from '../../../src/host/node/node-host.ts';
import { cacheOf } from '../fixtures/cache.ts';

/** This machine, with a state directory that is kept between runs: what was fetched once is fetched. */
export function programsHost(): Host {
  const environment = { ...process.env, ANYARCH_HOME: cacheOf('machines-home') };
  return nodeHost({ system: { environment } });
}
