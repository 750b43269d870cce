// Builds the image's program for its platforms: docs/entrypoint.md
//   npm run build:entrypoint [-- --platform linux/arm64|native …] [--entry FILE] [--output DIR] [--update]
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { bundle } from './entrypoint/bundle.mjs';
import { bytecodeOf } from './entrypoint/bytecode.mjs';
import { run } from './entrypoint/command.mjs';
import { concurrently } from './entrypoint/concurrently.mjs';
import { pinsFile } from './entrypoint/ingredients.mjs';
import { licences } from './entrypoint/licences.mjs';
import { linkedIngredients } from './entrypoint/linked-ingredients.mjs';
import { folderOf, platforms } from './entrypoint/platforms.mjs';
import { compileProgram, linkProgram } from './entrypoint/program.mjs';
import { updateIngredients } from './entrypoint/update-ingredients.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { values: options } = parseArgs({
  options: {
    platform: { type: 'string', multiple: true },
    entry: { type: 'string', default: join(root, 'src/entrypoint/quickjs.ts') },
    output: { type: 'string' },
    update: { type: 'boolean', default: false },
  },
});

const output = options.output ?? join(root, 'build/entrypoint');
const start = performance.now();
const cache = join(root, '.cache/entrypoint');
if (options.update) await updateIngredients(pinsFile);
const script = await bundle(resolve(options.entry));
const bytecode = await bytecodeOf(cache, script);
say(
  `${kilobytes(script.length)} of JavaScript, ${kilobytes(sizeOf(join(bytecode, 'bytecode.bin')))} of bytecode`,
);
const built = await concurrently(await wanted(options.platform), async ({ platform, folder }) => {
  const path = join(output, folder, 'anyarch');
  await linkProgram(await compileProgram(cache, platform), bytecode, path);
  return `${platform.name.padEnd(13)} ${kilobytes(sizeOf(path))}`;
});
built.forEach(say);
mkdirSync(output, { recursive: true });
writeFileSync(join(output, 'LICENSES.txt'), await licences(cache));
writeFileSync(join(output, 'ingredients.json'), `${JSON.stringify(linkedIngredients(), null, 2)}\n`);
// What goes with the package besides: what interposed emulators are tried with.
if (options.platform === undefined && options.output === undefined)
  await run([process.execPath, join(root, 'scripts/build-guests.mjs')]);
say(`done in ${((performance.now() - start) / 1000).toFixed(1)} s`);

/** @param {readonly string[] | undefined} names */
async function wanted(names = platforms.map(({ name }) => name)) {
  const machine = (await run(['dpkg', '--print-architecture'])).trim();
  return names.map((name) => {
    const platform = platforms.find((known) =>
      name === 'native' ? known.debian === machine : known.name === name,
    );
    if (platform !== undefined) return { platform, folder: name === 'native' ? name : folderOf(platform) };
    console.error(`unknown platform ${name}; there are ${platforms.map((known) => known.name).join(', ')}`);
    process.exit(2);
  });
}

/** @param {string} path */
function sizeOf(path) {
  return statSync(path).size;
}

/** @param {number} bytes */
function kilobytes(bytes) {
  return `${(bytes / 1000).toFixed(0)} KB`;
}

/** @param {string} message */
function say(message) {
  console.log(`build-entrypoint: ${message}`);
}
