import { mkdirSync, readFileSync, readdirSync, renameSync } from 'node:fs';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { run } from './command.mjs';
import { digestOf } from './digest.mjs';

/**
 * A way to compile.
 *
 * @typedef {object} Compiler
 * @property {string} program
 * @property {string} version
 * @property {readonly string[]} flags that decide about the result, without paths
 * @property {readonly { from: string, digest: string }[]} includes directories with headers, and what is in them
 */

/** @param {string} program @param {Omit<Compiler, 'program' | 'version'>} rest @returns {Promise<Compiler>} */
export async function compiler(program, rest) {
  const version = (await run([program, '--version'])).split('\n')[0] ?? '';
  return { program, version, ...rest };
}

/**
 * The object file of a source, compiled unless the cache has it. It does not depend on where anything lies.
 *
 * @param {string} cache @param {Compiler} by @param {string} source @param {readonly string[]} [flags] further ones
 * @returns {Promise<string>}
 */
export async function object(cache, { program, version, flags, includes }, source, flagsOfSource = []) {
  const all = [...flags, ...flagsOfSource];
  const key = digestOf([
    version,
    ...all,
    ...includes.map(({ digest }) => digest),
    basename(source),
    readFileSync(source),
  ]);
  const path = join(cache, 'objects', `${key}.o`);
  if (existsSync(path)) return path;
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}`;
  const directories = includes.flatMap(({ from }) => ['-isystem', from]);
  const map = `-ffile-prefix-map=${dirname(source)}=.`;
  await run([program, ...all, map, ...directories, '-c', source, '-o', partial]);
  renameSync(partial, path);
  return path;
}

/** @param {string} directory @returns {string} of the headers in it */
export function digestOfHeaders(directory) {
  const names = readdirSync(directory).filter((name) => name.endsWith('.h'));
  return digestOf(names.sort().flatMap((name) => [name, readFileSync(join(directory, name))]));
}
