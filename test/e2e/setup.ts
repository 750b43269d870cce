import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { succeed } from '../support/command.ts';
import { repository } from '../support/fixtures/cache.ts';
import shared from '../support/setup.ts';

/** Global set-up: the tests run what `npm run build` makes, so it must not be older than its sources. */
export default async function setup(): Promise<() => void> {
  if (isStale()) await succeed(['npm', 'run', 'build'], { directory: repository });
  return shared();
}

function isStale(): boolean {
  const built = join(repository, 'dist/cli/start.cjs');
  if (!existsSync(built)) return true;
  const builtAt = statSync(built).mtimeMs;
  const sources = readdirSync(join(repository, 'src'), { recursive: true, withFileTypes: true });
  return sources.some(
    (entry) => entry.isFile() && statSync(join(entry.parentPath, entry.name)).mtimeMs > builtAt,
  );
}
