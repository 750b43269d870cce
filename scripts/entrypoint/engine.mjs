import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ingredients, unpacked } from './ingredients.mjs';

/** Without the command, the standard library and the tests, which are about files and timers. */
const files = ['quickjs.c', 'libregexp.c', 'libunicode.c', 'cutils.c', 'dtoa.c'];

/** What upstream compiles it with. */
export const engineFlags = ['-D_GNU_SOURCE', '-DCONFIG_VERSION="2025-04-26"', '-fwrapv'];

/**
 * QuickJS as Debian has it.
 *
 * @param {string} cache @returns {Promise<{ directory: string, sources: string[], digest: string }>}
 */
export async function engine(cache) {
  const { quickjs } = ingredients();
  const directory = await unpacked(cache, quickjs);
  return { directory, sources: files.map((file) => join(directory, file)), digest: quickjs.sha256 };
}

/** @param {string} directory @returns {string[]} */
export function sourcesIn(directory) {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.c'))
    .sort()
    .map((name) => join(directory, name));
}
