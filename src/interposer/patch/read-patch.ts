import { bytesSource, readUpTo } from '../../core/byte-source.ts';
import type { ByteSource } from '../../core/byte-source.ts';
import { isElf } from '../../core/elf-header.ts';
import { configSize, decodeConfig } from './config.ts';
import type { Config } from './config.ts';

export interface Patch {
  /** SHA-256 of the emulator before, in hexadecimal, as it was written down then: `unpatchEmulator` proves it. */
  readonly originalSha256: string;
  readonly interposerSha256: string;
  readonly arguments: readonly string[];
  readonly bigEndian: boolean;
}

/** What was put into an emulator; undefined for one without an interposer. Reads less than 20 KB. */
export function readPatch(emulator: Uint8Array | ByteSource): Patch | undefined {
  const found = readConfig(emulator instanceof Uint8Array ? bytesSource(emulator) : emulator);
  if (found === undefined) return undefined;
  const { original, interposerSha256, bigEndian } = found.config;
  return { originalSha256: original.sha256, interposerSha256, arguments: found.config.arguments, bigEndian };
}

export function readConfig(source: ByteSource): { config: Config; little: boolean } | undefined {
  const header = readUpTo(source, 0, 64);
  if (header.length < 64 || !isElf(header) || header[4] !== 2) return undefined;
  const little = header[5] === 1;
  const size = configSize(readUpTo(source, source.size - 16, 16), little);
  if (size === undefined || size > source.size) return undefined;
  const config = decodeConfig(readUpTo(source, source.size - size, size).slice(), little);
  return config === undefined ? undefined : { config, little };
}
