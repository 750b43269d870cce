import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { digestOf } from './digest.mjs';
import { ingredients, moveIfFirst, unpacked } from './ingredients.mjs';

/** Without the command, the standard library and the tests, which are about files and timers. */
const sources = ['quickjs.c', 'libregexp.c', 'libunicode.c', 'cutils.c', 'dtoa.c'];

/** What upstream compiles it with. */
export const engineFlags = ['-D_GNU_SOURCE', '-DCONFIG_VERSION="2025-04-26"', '-fwrapv'];

/** What upstream switches on in its files, and nothing of ours uses. */
const switchedOff = [
  // Atomics: threads, and on riscv64 a library of the compiler.
  { file: 'quickjs.c', text: '#if !defined(EMSCRIPTEN)\n#define CONFIG_ATOMICS\n#endif\n' },
  // \p{…} in regular expressions: 40 KB of tables.
  { file: 'libunicode.h', text: '#define CONFIG_ALL_UNICODE\n' },
];

/**
 * QuickJS as Debian has it, with less. The compiler for bytecode is made from the same files: the numbers of names in
 * bytecode depend on what is switched on.
 *
 * @param {string} cache @returns {Promise<{ directory: string, sources: string[], digest: string }>}
 */
export async function engine(cache) {
  const { quickjs } = ingredients();
  const digest = digestOf([quickjs.sha256, ...switchedOff.flatMap(({ file, text }) => [file, text])]);
  const directory = join(cache, 'engine', digest.slice(0, 16));
  if (!existsSync(directory)) {
    const original = await unpacked(cache, quickjs);
    const partial = mkdtempSync(`${original}.`);
    cpSync(original, partial, { recursive: true });
    for (const { file, text } of switchedOff) remove(join(partial, file), text);
    moveIfFirst(partial, directory);
  }
  return { directory, sources: sources.map((file) => join(directory, file)), digest };
}

/** @param {string} file @param {string} text that must be there once */
function remove(file, text) {
  const parts = readFileSync(file, 'utf8').split(text);
  if (parts.length !== 2) throw new Error(`${file} does not contain ${JSON.stringify(text)} once`);
  writeFileSync(file, parts.join(''));
}

/** @param {string} directory @returns {string[]} */
export function sourcesIn(directory) {
  return readdirSync(directory)
    .filter((name) => name.endsWith('.c'))
    .sort()
    .map((name) => join(directory, name));
}
