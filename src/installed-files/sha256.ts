import { createHash } from 'node:crypto';

/** Lower-case hexadecimal. */
export function sha256(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}
