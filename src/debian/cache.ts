import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Packages that nobody asked for in so long have been superseded. */
const maximumAgeMs = 30 * 24 * 3_600_000;

/** Deletes what was not used for 30 days, interrupted downloads among it. */
export async function pruneCache(directory: string, nowMs = Date.now()): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const path = join(directory, name);
    const status = await stat(path).catch(() => undefined);
    if (status?.isFile() === true && nowMs - status.mtimeMs > maximumAgeMs) await rm(path, { force: true });
  }
}
