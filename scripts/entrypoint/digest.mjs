import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** @param {readonly (string | Uint8Array)[]} parts @returns {string} SHA-256 that tells where each part ends */
export function digestOf(parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}:`).update(part);
  return hash.digest('hex');
}

/** @param {string} path */
export function digestOfFile(path) {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}
