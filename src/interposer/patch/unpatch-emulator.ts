import { createHash } from 'node:crypto';
import { bytesSource } from '../../core/byte-source.ts';
import { entryAt, headerSize, unpatchable } from './elf64.ts';
import { readConfig } from './read-patch.ts';

/**
 * The emulator as it was before, whose digest is the one that was written down.
 *
 * @throws AnyarchError ANYARCH_EMULATOR_UNPATCHABLE for one that is not patched, or was changed since
 */
export function unpatchEmulator(patched: Uint8Array): Uint8Array {
  const found = readConfig(bytesSource(patched));
  if (found === undefined) throw unpatchable('it is not patched');
  const { size, sha256, entry, headerAt, header } = found.config.original;
  if (size > patched.length || headerAt + headerSize > size)
    throw unpatchable('what is written in it makes no sense');
  const original = patched.slice(0, size);
  new DataView(original.buffer).setBigUint64(entryAt, BigInt(entry), found.little);
  original.set(header, headerAt);
  if (createHash('sha256').update(original).digest('hex') !== sha256)
    throw unpatchable('it was changed since it was patched');
  return original;
}
