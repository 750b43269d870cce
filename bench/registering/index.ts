import { fileURLToPath } from 'node:url';
import type { Measurement } from '../measure.ts';
import { runProgram } from '../programs.ts';
import type { Order } from './inside.ts';

/**
 * Registering all targets, in a table of its own: all of it runs in a new user and mount namespace, so that the host's
 * table is neither read nor written.
 */
export function measureRegistering(order: Order): Measurement[] {
  const [hooks, inside] = ['../typescript/register.mjs', 'inside.ts'].map((path) =>
    fileURLToPath(new URL(path, import.meta.url)),
  );
  const command = [
    'unshare',
    '--user',
    '--map-root-user',
    '--mount',
    '--propagation',
    'private',
    '--',
    process.execPath,
  ];
  const output = runProgram([...command, '--import', hooks ?? '', inside ?? '', JSON.stringify(order)], {
    timeoutMs: 0,
  });
  return JSON.parse(output) as Measurement[];
}
