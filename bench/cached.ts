import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { cache } from './places.ts';

/**
 * A directory that is slow to make: made by the first run, there as a whole or not at all.
 * @param name says what its content depends on
 */
export async function cached(
  name: string,
  build: (directory: string) => Promise<void> | void,
): Promise<string> {
  const directory = join(cache, name);
  if (existsSync(directory)) return directory;
  const partial = `${directory}.partial`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(dirname(partial), { recursive: true });
  await build(partial);
  renameSync(partial, directory);
  return directory;
}
