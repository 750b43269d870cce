import type { Host } from '../host/host.ts';
import { storesLists, type BuildEngine } from './engines/engine.ts';
import { finishInDocker } from './finish-in-docker.ts';
import { finishInStorage } from './finish-in-storage.ts';
import type { Finish, FinishParts } from './finish-parts.ts';

/**
 * Gives the images their names, writes and pushes them, in this order. Where a step fails, what comes after it is not
 * done; an index is pushed after all that it lists.
 */
export async function finish(host: Host, engine: BuildEngine, parts: FinishParts): Promise<Finish> {
  return storesLists(engine)
    ? await finishInStorage(host, engine.name === 'podman' ? 'podman' : 'buildah', parts)
    : await finishInDocker(host, engine, parts);
}
