import { spawn } from 'node:child_process';

/**
 * Removes what is of no use any more, and may be large, without anybody waiting for it: a busy disk took five seconds for a saved
 * memory of 340 MB in many pieces. What is left when that does not come to its end, the next start removes.
 *
 * @param path absolute
 */
export function removeInBackground(path: string): void {
  const child = spawn('rm', ['-rf', '--', path], { detached: true, stdio: 'ignore' });
  child.once('error', () => undefined);
  child.unref();
}
