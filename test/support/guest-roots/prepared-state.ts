import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { anyarch, executable, offline } from '../engines/cli.ts';
import { describeFailure, succeed } from '../command.ts';
import { cached, repository } from '../fixtures/cache.ts';
import { temporaryDirectory } from '../temporary.ts';
import { guestRoot } from './guest-root.ts';
import { interposedEmulator } from './interposed-emulator.ts';

/**
 * A state directory of the test's own with native tools of `guestRoot('dev')` (`preparedTools`), and the interposed emulator for arm64.
 * Made once for all tests and kept, as every program is tested under emulation; made anew when what makes it changes.
 *
 * @param root a copy of that root, which may be written to: what has to be tried again in a new place is tried there, now
 */
export async function preparedState(root?: string): Promise<string> {
  const made = await makePreparedState();
  const state = join(temporaryDirectory('state'), 'home');
  // No links to the same files: tests damage them, and a pipe would be everybody's.
  await succeed(['cp', '--archive', '--reflink=auto', join(made, 'home'), state]);
  // Programs of a copy count as changed until their digests were compared.
  await succeed([executable, 'accelerate', 'verify', '--repair'], {
    environment: { ...process.env, ...offline, ANYARCH_HOME: state },
  });
  // The copy of the emulator is another file, which is tried again before it is used.
  if (root === undefined) return state;
  const tried = await anyarch(['run', '--no-fetch', '--rootfs', root, '--', 'true'], { home: state });
  if (tried.exitCode !== 0) throw new Error(describeFailure(tried));
  return state;
}

/** What `preparedState` copies. */
export function makePreparedState(): Promise<string> {
  return cached(`prepared-states/${contentOf(makers)}`, prepare);
}

/** Says what was left out. In a process of its own: what runs guests keeps a test's from ending. */
async function prepare(directory: string): Promise<void> {
  const state = join(directory, 'home');
  const words = [state, await guestRoot('dev'), interposedEmulator(temporaryDirectory('emulator'))];
  const { stdout } = await succeed([process.execPath, '--import', typescript, program, ...words], {
    timeoutMs: 550_000,
  });
  process.stdout.write(stdout);
  rmSync(join(state, 'cache'), { recursive: true, force: true });
}

const typescript = join(repository, 'test/support/mirror-typescript.mjs');
const program = fileURLToPath(new URL('./prepare-child.ts', import.meta.url));

/** Sources and programs that the content of a prepared state depends on. */
const makers = [
  'src/tool-tree',
  'src/core/recipe',
  'src/interposer',
  'build/interposer',
  'test/support/guest-roots',
];

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
