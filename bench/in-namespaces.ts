import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/**
 * Runs one of the comparison's programs in a user and mount namespace of its own, whose private table is all that it
 * writes: the host's table is neither read nor written.
 *
 * @param order its argument, as JSON
 * @returns the JSON that it prints
 */
export async function inNamespaces(program: URL, order: unknown): Promise<unknown> {
  const namespaces = ['--user', '--map-root-user', '--mount', '--propagation', 'private', '--'];
  const register = fileURLToPath(new URL('typescript/register.mjs', import.meta.url));
  const words = [process.execPath, '--import', register, fileURLToPath(program), JSON.stringify(order)];
  const child = spawn('unshare', [...namespaces, ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = () => child.kill();
  process.on('exit', kill);
  const [output] = await Promise.all([text(child.stdout), once(child, 'close')]);
  process.off('exit', kill);
  if (child.exitCode !== 0) throw new Error(`unshare: exit code ${String(child.exitCode)}`);
  return JSON.parse(output);
}
