// Builds the stand-in for OCI runtimes (native/runtime/) for its platforms: docs/acceleration-engines.md
//   node scripts/build-runtime.mjs [--platform linux/arm64|native …] [--output DIR]
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { run } from './entrypoint/command.mjs';
import { concurrently } from './entrypoint/concurrently.mjs';
import { folderOf, platforms } from './entrypoint/platforms.mjs';
import { buildSmallProgram, fixed } from './entrypoint/small-program.mjs';

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

const cache = join(root, '.cache/entrypoint');
const built = await concurrently(await wanted(options.platform), build);
for (const { name, path } of built)
  console.log(`build-runtime: ${name.padEnd(13)} ${(statSync(path).size / 1000).toFixed(0)} KB`);

/** @param {import('./entrypoint/platforms.mjs').Platform} platform */
async function build(platform) {
  const path = join(options.output, folderOf(platform), 'stand-in');
  const start = (/** @type {string} */ libraries) => join(libraries, 'crt1.o');
  const kind = {
    compile: ['-D_GNU_SOURCE', ...fixed.compile],
    link: [...fixed.link, '-Wl,--sort-section=name'],
  };
  await buildSmallProgram({ cache, native, platform, kind, start, path });
  const { size } = statSync(path);
  if (size > largest) throw new Error(`${path} has ${size} bytes, more than ${largest}`);
  return { name: platform.name, path };
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
