import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire, Module, wrap } from 'node:module';
import { dirname, join } from 'node:path';
import { Script } from 'node:vm';
import { makeDirectories } from '../host/node/make-directories.ts';

/*
 * Where the command starts. It loads main.cjs with V8's code cache, which saves the compilation of everything that a
 * run needs: a third of the time that Node takes for it. Without a place for the cache it just takes longer.
 */

// Its service may be told to look again while it is still loading; it then looks anyway.
if (process.argv[2] === 'watch') process.on('SIGHUP', () => undefined);

/** What `run` ends with when anyarch itself failed. */
const failedRun = 125;

const program = join(__dirname, 'main.cjs');
const place = cacheFile();
const cached = place === undefined ? undefined : readOwn(place);
const script = new Script(wrap(readFileSync(program, 'utf8')), {
  filename: program,
  ...(cached === undefined ? {} : { cachedData: cached }),
});
const require = createRequire(program);
const module = new Module(program);
module.filename = program;
module.loaded = true;
// The parts that are loaded later ask for it by its name.
require.cache[program] = module;
const evaluate = script.runInThisContext() as (...scope: readonly unknown[]) => void;
evaluate(module.exports, require, module, program, dirname(program));

const { main } = module.exports as { readonly main: (words: readonly string[]) => Promise<number> };
void main(process.argv.slice(2)).then((exitCode) => {
  // Now, because it then holds the functions that were used.
  const isMissing = cached === undefined || script.cachedDataRejected === true;
  // A run that came to nothing has not used them.
  if (place !== undefined && isMissing && exitCode !== failedRun) write(place);
  // Nothing is left to do (all output is written synchronously), and a way out through the dismantling of the engine
  // takes some milliseconds more.
  process.exit(exitCode);
});

/**
 * V8 itself compares no more than its version, its flags and the length of the source. `run` has a cache of its own:
 * one that another command had made first would lack what a run needs.
 */
function cacheFile(): string | undefined {
  const { XDG_CACHE_HOME: cache, HOME: home } = process.env;
  const base =
    cache?.startsWith('/') === true
      ? cache
      : home?.startsWith('/') === true
        ? join(home, '.cache')
        : undefined;
  const [, , command, option] = process.argv;
  // It has just removed all of them.
  if (base === undefined || command === 'uninstall') return undefined;
  const { size, mtimeMs, ino } = statSync(program);
  const isRun = command === 'run' && option !== '--help' && option !== '-h';
  const user = !isRun ? 'other' : process.argv.some((word) => /^--image(=|$)/.test(word)) ? 'image' : 'run';
  return join(
    base,
    'anyarch',
    'code',
    `${process.version}-${process.arch}-${ino}-${size}-${Math.trunc(mtimeMs)}-${user}`,
  );
}

/** The content of a file that nobody but us can have written: it is executed. */
function readOwn(path: string): Buffer | undefined {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const { uid, mode, size } = fstatSync(descriptor);
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0 || size === 0) return undefined;
    return readFileSync(descriptor);
  } catch {
    // Whatever the reason, without the cache it only takes longer.
    return undefined;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Caches of versions that are gone. */
function removeForgotten(directory: string): void {
  const monthMs = 30 * 24 * 3600 * 1000;
  for (const name of readdirSync(directory)) {
    const path = join(directory, name);
    if (Date.now() - statSync(path).mtimeMs > monthMs) unlinkSync(path);
  }
}

function write(path: string): void {
  try {
    makeDirectories(dirname(path), 0o700);
    const temporary = `${path}.${process.pid}`;
    writeFileSync(temporary, script.createCachedData(), { mode: 0o600, flag: 'wx' });
    renameSync(temporary, path);
    removeForgotten(dirname(path));
  } catch {
    // A full or read-only disk: the next start is as slow as this one.
  }
}
