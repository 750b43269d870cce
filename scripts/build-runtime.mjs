// Builds the stand-in for OCI runtimes (native/runtime/) for its platforms: docs/acceleration-engines.md
//   node scripts/build-runtime.mjs [--platform linux/arm64|native …] [--output DIR]
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { run } from './entrypoint/command.mjs';
import { concurrently } from './entrypoint/concurrently.mjs';
import { sourcesIn } from './entrypoint/engine.mjs';
import { libc } from './entrypoint/libc.mjs';
import { compiler, digestOfHeaders, object } from './entrypoint/objects.mjs';
import { folderOf, platforms } from './entrypoint/platforms.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const native = join(root, 'native/runtime');
const { values: options } = parseArgs({
  options: {
    platform: { type: 'string', multiple: true },
    output: { type: 'string', default: join(root, 'build/runtime') },
  },
});

/** What a program in front of every container may weigh. */
const largest = 64 * 1024;

const flags = [
  '-std=gnu11',
  '-D_GNU_SOURCE',
  '-Os',
  '-nostdinc',
  '-fno-pie',
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

const cache = join(root, '.cache/entrypoint');
const built = await concurrently(await wanted(options.platform), build);
for (const { name, path } of built)
  console.log(`build-runtime: ${name.padEnd(13)} ${(statSync(path).size / 1000).toFixed(0)} KB`);

/** @param {import('./entrypoint/platforms.mjs').Platform} platform */
async function build(platform) {
  const musl = await libc(cache, platform);
  const gcc = `${platform.triplet}-gcc`;
  const ofCompiler = { from: (await run([gcc, '-print-file-name=include'])).trim(), digest: '' };
  const by = await compiler(gcc, {
    flags: [...flags, ...platform.flags],
    includes: [
      { from: native, digest: digestOfHeaders(native) },
      { from: musl.headers, digest: musl.digest },
      ofCompiler,
    ],
  });
  /** @type {string[]} */
  const objects = [];
  for (const source of sourcesIn(native)) objects.push(await object(cache, by, source));
  const path = join(options.output, folderOf(platform), 'stand-in');
  await link(platform, gcc, objects, musl.libraries, path);
  const { size } = statSync(path);
  if (size > largest) throw new Error(`${path} has ${size} bytes, more than ${largest}`);
  return { name: platform.name, path };
}

/**
 * @param {import('./entrypoint/platforms.mjs').Platform} platform @param {string} gcc @param {readonly string[]} objects
 * @param {string} libraries @param {string} path of the result
 */
async function link(platform, gcc, objects, libraries, path) {
  mkdirSync(dirname(path), { recursive: true });
  const whole = `${path}.${process.pid}`;
  try {
    const libgcc = (await run([gcc, ...platform.flags, '-print-libgcc-file-name'])).trim();
    const layout = ['--gc-sections', '--build-id=none', '--sort-section=name'].map((one) => `-Wl,${one}`);
    await run([
      gcc,
      ...platform.flags,
      ...['-static', '-no-pie', '-nostdlib', '-nostartfiles', ...layout],
      // Nothing is relocated at run time.
      ...['-Wl,-z,noexecstack', '-Wl,-z,norelro', '-o', whole],
      ...['crt1.o', 'crti.o'].map((name) => join(libraries, name)),
      ...[...objects, join(libraries, 'libc.a'), libgcc, join(libraries, 'crtn.o')],
    ]);
    const notes = ['.comment', '.note.*', '.gnu.attributes'].map((name) => `--remove-section=${name}`);
    await run([`${platform.triplet}-strip`, '--strip-all', ...notes, whole]);
    renameSync(whole, path);
  } finally {
    for (const name of readdirSync(dirname(path)))
      if (name.startsWith(`${basename(path)}.${process.pid}`)) rmSync(join(dirname(path), name));
  }
}

/** @param {readonly string[] | undefined} names */
async function wanted(names = platforms.map(({ name }) => name)) {
  const machine = (await run(['dpkg', '--print-architecture'])).trim();
  return names.map((name) => {
    const found = platforms.find((known) =>
      name === 'native' ? known.debian === machine : known.name === name,
    );
    if (found !== undefined) return found;
    throw new Error(`unknown platform ${name}; there are ${platforms.map((known) => known.name).join(', ')}`);
  });
}
