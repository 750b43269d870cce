// Builds the guests that interposed emulators are tried with: native/guests/README.md
//   npm run build:guests [-- --output DIR]
import { mkdirSync, readFileSync, readdirSync, renameSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { run } from './entrypoint/command.mjs';
import { concurrently } from './entrypoint/concurrently.mjs';
import { digestOf } from './entrypoint/digest.mjs';
import { libc } from './entrypoint/libc.mjs';
import { digestOfHeaders, compiler, object } from './entrypoint/objects.mjs';
import { platforms } from './entrypoint/platforms.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const native = join(root, 'native/guests');
const cache = join(root, '.cache/entrypoint');
const { values: options } = parseArgs({
  options: { output: { type: 'string', default: join(root, 'build/guests') } },
});

const flags = [
  '-std=gnu11',
  '-Os',
  '-nostdinc',
  '-ffunction-sections',
  '-fdata-sections',
  '-fno-asynchronous-unwind-tables',
  '-fno-unwind-tables',
  '-fno-stack-protector',
  '-fno-ident',
  '-Wall',
  '-Wextra',
  '-Werror',
];

const linking = [
  '-nostdlib',
  '-nostartfiles',
  '-Wl,--gc-sections',
  '-Wl,--build-id=none',
  '-Wl,-z,noexecstack',
];

/** How a program is made that lies at a fixed address, and one that can lie anywhere. */
const kinds = [
  {
    name: 'fixed',
    compile: ['-fno-pie'],
    link: ['-static', '-no-pie', '-Wl,-z,norelro'],
    start: 'crt1.o',
  },
  {
    name: 'moving',
    compile: ['-fPIE'],
    link: ['-static-pie', '-Wl,--no-dynamic-linker'],
    start: 'rcrt1.o',
  },
];

const started = performance.now();
const sizes = await concurrently(platforms, async (platform) => {
  const sizesOfKinds = [];
  for (const kind of kinds) sizesOfKinds.push(await build(platform, kind));
  return `${platform.qemu.padEnd(9)} ${sizesOfKinds.map((size) => `${(size / 1000).toFixed(0)} KB`).join(', ')}`;
});
for (const line of sizes) console.log(`build-guests: ${line}`);
console.log(`build-guests: done in ${((performance.now() - started) / 1000).toFixed(1)} s`);

/**
 * @param {import('./entrypoint/platforms.mjs').Platform} platform @param {typeof kinds[number]} kind
 * @returns {Promise<number>} bytes
 */
async function build(platform, { name, compile, link, start }) {
  const { triplet } = platform;
  const musl = await libc(cache, platform);
  const gcc = `${triplet}-gcc`;
  const ofCompiler = (await run([gcc, '-print-file-name=include'])).trim();
  const by = await compiler(gcc, {
    flags: [...flags, ...platform.flags, ...compile],
    includes: [
      { from: native, digest: digestOfHeaders(native) },
      { from: musl.headers, digest: musl.digest },
      { from: ofCompiler, digest: '' },
    ],
  });
  const sources = readdirSync(native).filter((file) => file.endsWith('.c'));
  /** @type {string[]} */
  const objects = [];
  for (const source of sources.sort()) objects.push(await object(cache, by, join(native, source)));
  const path = join(options.output, platform.qemu, name);
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}`;
  const libgcc = (await run([gcc, ...platform.flags, '-print-libgcc-file-name'])).trim();
  const startFile = await startObject(platform, musl.libraries, start);
  await run([
    ...[gcc, ...platform.flags, ...link, ...linking, '-o', partial, startFile],
    ...[join(musl.libraries, 'crti.o'), ...objects, join(musl.libraries, 'libc.a'), libgcc],
    join(musl.libraries, 'crtn.o'),
  ]);
  const notes = ['.comment', '.note.*', '.gnu.attributes'].map((section) => `--remove-section=${section}`);
  await run([`${triplet}-strip`, '--strip-all', ...notes, partial]);
  renameSync(partial, path);
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
