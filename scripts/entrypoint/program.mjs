import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './command.mjs';
import { engine, engineFlags, sourcesIn } from './engine.mjs';
import { libc } from './libc.mjs';
import { compiler, digestOfHeaders, object } from './objects.mjs';

const native = fileURLToPath(new URL('../../native/entrypoint', import.meta.url));

const flags = [
  '-std=gnu11',
  '-Os',
  '-nostdinc',
  // At a fixed address: a static program that relocates itself would be 50 KB larger.
  '-fno-pie',
  '-ffunction-sections',
  '-fdata-sections',
  '-fno-asynchronous-unwind-tables',
  '-fno-unwind-tables',
  '-fno-stack-protector',
  '-fno-ident',
  // The engine's checks of itself.
  '-DNDEBUG',
  ...engineFlags,
];

const ownFlags = ['-Wall', '-Wextra', '-Werror', '-Wno-unused-parameter', '-Wno-unused-result'];

/** @type {Record<string, readonly string[]>} */
const flagsOfFile = {
  // Hashing an emulator of 15 MB, and unpacking at each start: here speed counts more than size.
  'sha256.c': ['-O3'],
  'unpack.c': ['-O2'],
  // The compiler knows what the C library's functions do, and would build these ones upon themselves.
  'memory.c': ['-fno-builtin'],
  'format.c': ['-fno-builtin'],
  'unused.c': ['-fno-builtin'],
};

/**
 * The image's program for a platform, without its JavaScript: all that `link` needs.
 *
 * @param {string} cache @param {import('./platforms.mjs').Platform} platform
 */
export async function compileProgram(cache, platform) {
  const musl = await libc(cache, platform);
  const quickjs = await engine(cache);
  const headers = { from: musl.headers, digest: musl.digest };
  const program = `${platform.triplet}-gcc`;
  // Behind musl's own: the compiler's <stdatomic.h>.
  const ofCompiler = { from: (await run([program, '-print-file-name=include'])).trim(), digest: '' };
  const shared = [...flags, ...platform.flags];
  const forEngine = await compiler(program, {
    flags: shared,
    includes: [{ from: quickjs.directory, digest: quickjs.digest }, headers, ofCompiler],
  });
  const forOwn = await compiler(program, {
    flags: [...shared, ...ownFlags],
    includes: [
      { from: quickjs.directory, digest: quickjs.digest },
      { from: native, digest: digestOfHeaders(native) },
      headers,
      ofCompiler,
    ],
  });
  /** @type {string[]} */
  const objects = [];
  // One after the other, because whole platforms are built at the same time.
  for (const source of quickjs.sources) objects.push(await object(cache, forEngine, source));
  for (const source of sourcesIn(native))
    objects.push(await object(cache, forOwn, source, flagsOfFile[basename(source)]));
  return { platform, objects, libraries: musl.libraries, compiler: forEngine.version };
}

/**
 * The finished program.
 *
 * @param {Awaited<ReturnType<typeof compileProgram>>} compiled
 * @param {string} bytecode the directory of bytecode.bin
 * @param {string} path of the result
 */
export async function linkProgram({ platform, objects, libraries }, bytecode, path) {
  const gcc = `${platform.triplet}-gcc`;
  mkdirSync(dirname(path), { recursive: true });
  const part = `${path}.${process.pid}.o`;
  const whole = `${path}.${process.pid}`;
  try {
    const include = `-Wa,-I,${bytecode}`;
    await run([gcc, ...platform.flags, include, '-c', join(native, 'bytecode.S'), '-o', part]);
    const libgcc = (await run([gcc, ...platform.flags, '-print-libgcc-file-name'])).trim();
    const start = ['crt1.o', 'crti.o'].map((name) => join(libraries, name));
    const options = [
      '-Wl,--gc-sections',
      '-Wl,--build-id=none',
      '-Wl,--sort-section=name',
      '-Wl,-z,noexecstack',
      // Nothing is relocated at run time, and with pages of 64 KB the gap before it would be large.
      '-Wl,-z,norelro',
    ];
    await run([
      gcc,
      ...platform.flags,
      ...['-static', '-no-pie', '-nostdlib', '-nostartfiles', ...options, '-o', whole],
      ...[...start, ...objects, part, join(libraries, 'libc.a'), libgcc, join(libraries, 'crtn.o')],
    ]);
    const notes = ['.comment', '.note.*', '.gnu.attributes'].map((name) => `--remove-section=${name}`);
    await run([`${platform.triplet}-strip`, '--strip-all', ...notes, whole]);
    renameSync(whole, path);
  } finally {
    for (const name of readdirSync(dirname(path)))
      if (name.includes(`.${process.pid}`)) rmSync(join(dirname(path), name), { force: true });
  }
}
