import { fileURLToPath } from 'node:url';

/** The worker's program, an entry of the bundle (tsdown.config.ts), from `dist/cli` as from the sources. */
export function workerFile(): string {
  return fileURLToPath(new URL('../../dist/cli/unpack-worker.cjs', import.meta.url));
}
