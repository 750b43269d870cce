import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Measurement } from '../measure.ts';
import type { Order } from './inside.ts';

/**
 * Registering all targets, in a table of its own: all of it runs in a new user and mount namespace, so that the host's
 * table is neither read nor written.
 */
export async function measureRegistering(order: Order): Promise<Measurement[]> {
  const namespaces = ['--user', '--map-root-user', '--mount', '--propagation', 'private', '--'];
  const register = fileURLToPath(new URL('../typescript/register.mjs', import.meta.url));
  const inside = fileURLToPath(new URL('inside.ts', import.meta.url));
  const words = [...namespaces, process.execPath, '--import', register, inside, JSON.stringify(order)];
  const child = spawn('unshare', words, { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = () => child.kill();
  process.on('exit', kill);
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  process.off('exit', kill);
  if (child.exitCode !== 0) throw new Error(`unshare: exit code ${String(child.exitCode)}`);
  return JSON.parse(output) as Measurement[];
}
