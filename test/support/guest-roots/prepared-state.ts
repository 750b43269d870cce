import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { anyarch } from '../engines/cli.ts';
import { describeFailure, succeed } from '../command.ts';
import { cached, repository } from '../fixtures/cache.ts';
import { temporaryDirectory } from '../temporary.ts';
import { guestRoot } from './guest-root.ts';

/** Groups of tools that tests find prepared. */
const groups = ['c', 'base'] as const;

/**
 * A state directory of the test's own with the native tools of `guestRoot('dev')` and the interposed emulator for arm64. Made once
 * for all tests and kept, as every program is tested under emulation; made anew when what makes it changes.
 *
 * @param root a copy of that root, which may be written to: what has to be tried again in a new place is tried there, now
 */
export async function preparedState(root?: string): Promise<string> {
  const made = await cached(`prepared-states/${contentOf(makers)}`, async (directory) => {
    const shared = await guestRoot('dev');
    for (const group of groups) {
      const prepared = await anyarch(['accelerate', 'prepare', '--for', shared, '--group', group], {
        home: directory,
        timeoutMs: 550_000,
      });
      // What does not pass its test stays emulated, which is no failure here.
      if (prepared.exitCode !== 0 && prepared.exitCode !== 3) throw new Error(describeFailure(prepared));
    }
    rmSync(join(directory, 'cache'), { recursive: true, force: true });
  });
  const state = join(temporaryDirectory('state'), 'home');
  // No links to the same files: tests damage them, and a pipe would be everybody's.
  await succeed(['cp', '--archive', '--reflink=auto', made, state]);
  // The copy of the emulator is another file, which is tried again before it is used.
  if (root === undefined) return state;
  const tried = await anyarch(['run', '--no-fetch', '--rootfs', root, '--', 'true'], { home: state });
  if (tried.exitCode !== 0) throw new Error(describeFailure(tried));
  return state;
}

/** Sources and programs that the content of a prepared state depends on. */
const makers = ['src/tool-tree', 'src/core/recipe', 'src/interposer', 'build/interposer'];

function contentOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const directory of paths.map((path) => join(repository, path))) {
    if (!existsSync(directory)) throw new Error(`${directory} is missing: npm run build:entrypoint makes it`);
    const names = readdirSync(directory, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort();
    for (const name of names) hash.update(`${name.slice(repository.length)}\0`).update(readFileSync(name));
  }
  return hash.digest('hex').slice(0, 16);
}
