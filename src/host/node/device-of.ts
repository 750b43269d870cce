import { statSync } from 'node:fs';
import { systemCall } from './system-call.ts';

/**
 * The file system that a path leads to as `major:minor`, which is how mountinfo names it.
 *
 * @throws SystemError
 */
export function deviceOf(path: string): string {
  const { dev } = systemCall('stat', path, () => statSync(path, { bigint: true }));
  // makedev(3): both numbers are split.
  const major = ((dev >> 32n) & 0xffff_f000n) | ((dev >> 8n) & 0xfffn);
  const minor = ((dev >> 12n) & 0xffff_ff00n) | (dev & 0xffn);
  return `${major}:${minor}`;
}
