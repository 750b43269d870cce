import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PublicKey } from 'openpgp';
import { AnyarchError } from '../core/error.ts';

/** Root maintains it, and it may know keys that are newer than this release of anyarch. */
const hostKeyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * The keys that Debian's archive may be signed with.
 *
 * @param given binary keyrings to use instead of the shipped one and the host's
 */
export async function loadKeys(given?: readonly Uint8Array[]): Promise<PublicKey[]> {
  const { readKeys } = await import('openpgp');
  const keyrings = given ?? [
    readFileSync(shippedKeyring()),
    ...(existsSync(hostKeyring) ? [readFileSync(hostKeyring)] : []),
  ];
  const keys: PublicKey[] = [];
  for (const binaryKeys of keyrings) {
    try {
      keys.push(...(await readKeys({ binaryKeys })));
    } catch (error) {
      throw new AnyarchError('ANYARCH_SIGNATURE_INVALID', 'a keyring cannot be read', { cause: error });
    }
  }
  return keys;
}

/** The file, for programs that verify by themselves. Beside the sources and beside the bundle, data/ is at different heights. */
export function shippedKeyring(): string {
  for (const up of ['../', '../../', '../../../']) {
    const path = fileURLToPath(new URL(`${up}data/debian-archive-keyring.pgp`, import.meta.url));
    if (existsSync(path)) return path;
  }
  throw new Error('data/debian-archive-keyring.pgp is missing from this installation of anyarch');
}
