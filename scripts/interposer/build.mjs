import { mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from '../entrypoint/command.mjs';

const native = fileURLToPath(new URL('../../native/interposer', import.meta.url));

/** In bytes. It is in every emulator and read at every start of one: growth should be noticed. */
const largest = 28_672;

const flags = [
  '-std=gnu11',
  '-Os',
  '-fpie',
  '-ffreestanding',
  '-fno-builtin',
  // Loops stay loops: there is no memcpy or memset to call.
  '-fno-tree-loop-distribute-patterns',
  // Tables of addresses would have to be relocated.
  '-fno-jump-tables',
  '-fno-stack-protector',
  '-fno-common',
  '-fno-ident',
  '-fno-asynchronous-unwind-tables',
  '-fno-unwind-tables',
  // Buffers are read as words of several sizes.
  '-fno-strict-aliasing',
  '-fvisibility=hidden',
  '-Wall',
  '-Wextra',
  '-Werror',
];

/** Hashing programs of 30 MB at each of their starts: here speed counts more than size. @type {Record<string, string[]>} */
const flagsOfFile = { 'xxhash.c': ['-O2'] };

/**
 * Builds `OUTPUT/HOST.bin`: code that works at any address, without data to write to.
 *
 * @param {import('./hosts.mjs').Host} host @param {string} output
 * @returns {Promise<number>} its size in bytes
 */
export async function buildInterposer(host, output) {
  const directory = mkdtempSync(join(tmpdir(), 'anyarch-interposer-'));
  try {
    const objects = [];
    const sources = readdirSync(native).filter((name) => name.endsWith('.c'));
    for (const source of sources.sort()) {
      const object = join(directory, basename(source, '.c') + '.o');
      const own = [`-DHOST_HEADER=hosts/${host.name}.h`, ...host.flags, ...(flagsOfFile[source] ?? [])];
      await run([`${host.triplet}-gcc`, ...flags, ...own, '-c', join(native, source), '-o', object]);
      objects.push(object);
    }
    const first = await link(host, objects, directory, 0);
    const second = await link(host, objects, directory, 0x12340000);
    if (!readFileSync(first).equals(readFileSync(second)))
      throw new Error(`the interposer for ${host.name} depends on where it is loaded`);
    const { size } = statSync(first);
    if (size > largest) throw new Error(`the interposer for ${host.name} has ${size} bytes, over ${largest}`);
    mkdirSync(output, { recursive: true });
    const partial = join(output, `.${host.name}.${process.pid}`);
    await run(['cp', first, partial]);
    renameSync(partial, join(output, `${host.name}.bin`));
    return size;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** @param {import('./hosts.mjs').Host} host @param {string[]} objects @param {string} directory @param {number} base */
async function link({ triplet, machine }, objects, directory, base) {
  const program = join(directory, `${base}.elf`);
  const bytes = join(directory, `${base}.bin`);
  const symbols = [`--defsym=BASE=${base}`, `--defsym=MACHINE=${machine}`];
  // What the script does not name is refused; code is left as it was compiled.
  const options = ['-static', '-z', 'noexecstack', '--orphan-handling=error', '--traditional-format'];
  await run([
    `${triplet}-ld`,
    ...options,
    '-T',
    join(native, 'blob.ld'),
    ...symbols,
    '-o',
    program,
    ...objects,
  ]);
  await run([`${triplet}-objcopy`, '--output-target=binary', program, bytes]);
  return bytes;
}
