import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Measurement } from '../measure.ts';
import type { Order } from './inside.ts';

/**
 * Registering all targets, in a table of its own: all of it runs in a new user and mount namespace, so that the host's
 * table is neither read nor written.
 */
export function measureRegistering(order: Order): Measurement[] {
  const [hooks, inside] = ['../typescript/register.mjs', 'inside.ts'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const words = ['--user', '--map-root-user', '--mount', '--propagation', 'private', '--', process.execPath];
  const { status, error, stdout } = spawnSync(
    'unshare',
    [...words, '--import', hooks ?? '', inside ?? '', JSON.stringify(order)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (status !== 0)
    throw new Error(
      `the comparison of registering failed: ${error?.message ?? `exit code ${String(status)}`}`,
    );
  return JSON.parse(stdout) as Measurement[];
}
