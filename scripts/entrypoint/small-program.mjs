// Compiles and links small static C programs against musl: what native/runtime/ and native/guests/ have in common.
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { run } from './command.mjs';
import { sourcesIn } from './engine.mjs';
import { libc } from './libc.mjs';
import { compiler, digestOfHeaders, object } from './objects.mjs';

const compiling = [
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

/** What no program that runs alone has a use for. */
const unneeded = ['.comment', '.note.*', '.gnu.attributes'].map((name) => `--remove-section=${name}`);

/** How a program is made that lies at a fixed address. */
export const fixed = { compile: ['-fno-pie'], link: ['-static', '-no-pie', '-Wl,-z,norelro'] };

/** How one is made that can lie anywhere. */
export const moving = { compile: ['-fPIE'], link: ['-static-pie', '-Wl,--no-dynamic-linker'] };

/**
 * @typedef {object} SmallProgram
 * @property {string} cache directory of what is kept between builds
 * @property {string} native directory of its sources
 * @property {import('./platforms.mjs').Platform} platform
 * @property {{ readonly compile: readonly string[], readonly link: readonly string[] }} kind
 * @property {(libraries: string) => Promise<string> | string} start path of the object that comes first
 * @property {string} path of the result
 */

/** @param {SmallProgram} program */
export async function buildSmallProgram({ cache, native, platform, kind, start, path }) {
  const { triplet } = platform;
  const gcc = `${triplet}-gcc`;
  const musl = await libc(cache, platform);
  const by = await compiler(gcc, {
    flags: [...compiling, ...platform.flags, ...kind.compile],
    includes: [
      { from: native, digest: digestOfHeaders(native) },
      { from: musl.headers, digest: musl.digest },
      { from: (await run([gcc, '-print-file-name=include'])).trim(), digest: '' },
    ],
  });
  /** @type {string[]} */
  const objects = [];
  for (const source of sourcesIn(native)) objects.push(await object(cache, by, source));
  const libgcc = (await run([gcc, ...platform.flags, '-print-libgcc-file-name'])).trim();
  const [first, last] = ['crti.o', 'crtn.o'].map((name) => join(musl.libraries, name));
  const inputs = [
    await start(musl.libraries),
    first,
    ...objects,
    join(musl.libraries, 'libc.a'),
    libgcc,
    last,
  ];
  mkdirSync(dirname(path), { recursive: true });
  const whole = `${path}.${process.pid}`;
  try {
    await run([gcc, ...platform.flags, ...kind.link, ...linking, '-o', whole, ...inputs]);
    await run([`${triplet}-strip`, '--strip-all', ...unneeded, whole]);
    renameSync(whole, path);
  } finally {
    rmSync(whole, { force: true });
  }
}
