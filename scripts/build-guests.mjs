// Builds the guests that interposed emulators are tried with: native/guests/README.md
//   npm run build:guests [-- --output DIR]
import { readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { run } from './entrypoint/command.mjs';
import { concurrently } from './entrypoint/concurrently.mjs';
import { digestOf } from './entrypoint/digest.mjs';
import { libc } from './entrypoint/libc.mjs';
import { platforms } from './entrypoint/platforms.mjs';
import { buildSmallProgram, fixed, moving } from './entrypoint/small-program.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const native = join(root, 'native/guests');
const cache = join(root, '.cache/entrypoint');
const { values: options } = parseArgs({
  options: { output: { type: 'string', default: join(root, 'build/guests') } },
});

const kinds = [
  { name: 'fixed', kind: fixed, first: 'crt1.o' },
  { name: 'moving', kind: moving, first: 'rcrt1.o' },
];

const started = performance.now();
const sizes = await concurrently(platforms, async (platform) => {
  const sizesOfKinds = [];
  for (const one of kinds) sizesOfKinds.push(await build(platform, one));
  return `${platform.qemu.padEnd(9)} ${sizesOfKinds.map((size) => `${(size / 1000).toFixed(0)} KB`).join(', ')}`;
});
for (const line of sizes) console.log(`build-guests: ${line}`);
console.log(`build-guests: done in ${((performance.now() - started) / 1000).toFixed(1)} s`);

/**
 * @param {import('./entrypoint/platforms.mjs').Platform} platform @param {typeof kinds[number]} one
 * @returns {Promise<number>} bytes
 */
async function build(platform, { name, kind, first }) {
  const path = join(options.output, platform.qemu, name);
  const start = (/** @type {string} */ libraries) => startObject(platform, libraries, first);
  await buildSmallProgram({ cache, native, platform, kind, start, path });
  return statSync(path).size;
}

/**
 * What comes first in a program. `libc()` hands on what the image's program is linked with, which has no rcrt1.o.
 *
 * @param {import('./entrypoint/platforms.mjs').Platform} platform @param {string} libraries @param {string} name
 * @returns {Promise<string>} path
 */
async function startObject(platform, libraries, name) {
  if (platform.unreadableSections === undefined || name !== 'rcrt1.o') return join(libraries, name);
  const headers = (await libc(cache, platform)).headers;
  const source = join(headers, '../../lib', platform.musl, name);
  const path = join(
    cache,
    'objects',
    `${digestOf([readFileSync(source), ...platform.unreadableSections])}.o`,
  );
  const partial = `${path}.${process.pid}`;
  const sections = platform.unreadableSections.map((section) => `--remove-section=${section}`);
  await run([`${platform.triplet}-objcopy`, '--strip-debug', ...sections, source, partial]);
  renameSync(partial, path);
  return path;
}
