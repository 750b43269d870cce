import { createHash } from 'node:crypto';
import { formatCanonicalJson, type Json } from '../../core/oci/canonical-json.ts';

/** SHA-256 over a value's one text. */
export function digestOfValue(value: Json): string {
  return createHash('sha256').update(formatCanonicalJson(value)).digest('hex');
}

const letters = 'abcdefghijklmnopqrstuvwxyz234567';

/** A set's name, of the first 30 bits of the digest of its inputs: paths of 22 bytes have room for six characters. */
export function setNameOf(inputs: string): string {
  const bits = BigInt(`0x${inputs.slice(0, 16)}`) >> 34n;
  return Array.from({ length: 6 }, (_, index) =>
    letters.charAt(Number((bits >> BigInt(5 * (5 - index))) & 31n)),
  ).join('');
}
