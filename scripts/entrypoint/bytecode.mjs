import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run } from './command.mjs';
import { concurrently } from './concurrently.mjs';
import { digestOf } from './digest.mjs';
import { engine, engineFlags, sourcesIn } from './engine.mjs';
import { compiler, object } from './objects.mjs';

const native = fileURLToPath(new URL('../../native/entrypoint/compiler', import.meta.url));

/**
 * The script as QuickJS's bytecode, the same for all platforms.
 *
 * @param {string} cache @param {string} script @returns {Promise<string>} the directory that holds it as bytecode.bin
 */
export async function bytecodeOf(cache, script) {
  const program = await buildCompiler(cache);
  const directory = join(cache, 'bytecode', digestOf([program, script, 'lz4']));
  const file = join(directory, 'bytecode.bin');
  if (existsSync(file)) return directory;
  mkdirSync(directory, { recursive: true });
  const source = join(directory, 'script.js');
  const partial = `${file}.${process.pid}`;
  writeFileSync(source, script);
  await run([program, source, partial]);
  await run(['lz4', '-12', '-q', '-f', '-B7', '--no-frame-crc', partial, `${partial}.lz4`]);
  writeFileSync(partial, packed(readFileSync(partial), readFileSync(`${partial}.lz4`)));
  rmSync(`${partial}.lz4`);
  renameSync(partial, file);
  return directory;
}

/**
 * What native/entrypoint/unpack.c takes: the length and the only block of the frame.
 *
 * @param {Buffer} content @param {Buffer} frame as in lz4_Frame_format.md
 */
function packed(content, frame) {
  const [flags = 0] = frame.subarray(4);
  const start = 4 + 2 + (flags & 8 ? 8 : 0) + 1;
  const length = frame.readUInt32LE(start);
  const isOnlyBlock = length < 2 ** 31 && frame.readUInt32LE(start + 4 + length) === 0;
  if (frame.readUInt32LE(0) !== 0x184d2204 || !isOnlyBlock) throw new Error('lz4 made no frame of one block');
  const header = new Uint8Array(4);
  new DataView(header.buffer).setUint32(0, content.length, true);
  return Uint8Array.from([...header, ...frame.subarray(start + 4, start + 4 + length)]);
}

/** The same engine, for this machine. @param {string} cache @returns {Promise<string>} */
async function buildCompiler(cache) {
  const quickjs = await engine(cache);
  const gcc = await compiler('gcc', {
    flags: ['-O1', ...engineFlags],
    includes: [{ from: quickjs.directory, digest: quickjs.digest }],
  });
  const sources = [...quickjs.sources, ...sourcesIn(native)];
  const objects = await concurrently(sources, (source) => object(cache, gcc, source));
  const path = join(cache, 'compiler', digestOf(objects.map((file) => file.slice(cache.length))));
  if (!existsSync(path)) {
    mkdirSync(join(cache, 'compiler'), { recursive: true });
    await run(['gcc', ...objects, '-lm', '-lpthread', '-o', `${path}.${process.pid}`]);
    renameSync(`${path}.${process.pid}`, path);
  }
  return path;
}
