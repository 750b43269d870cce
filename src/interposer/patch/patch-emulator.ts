import { createHash } from 'node:crypto';
import { configSize, encodeConfig } from './config.ts';
import { entryAt, headerFlags, headerSize, headerTypes, readElf64, unpatchable } from './elf64.ts';
import type { Elf64, ProgramHeader } from './elf64.ts';
import { commonHost } from './interposer.ts';
import { isAbiTag, isToldTwice } from './notes.ts';

export interface PatchOptions {
  /** The interposer of the host's architecture: `build/interposer/HOST.bin`. */
  readonly interposer: Uint8Array;
  /**
   * Put behind QEMU's argv[0] when it is started for a program and without options: `['-cpu', 'max']`. QEMU's variables
   * stand above: `-cpu` is left out under QEMU_CPU, `-B` under QEMU_GUEST_BASE, `-R` under QEMU_RESERVED_VA.
   */
  readonly arguments: readonly string[];
  /** Whether guests have another byte order than the host: then only programs in the locales C and POSIX are substituted. */
  readonly bigEndian: boolean;
}

/** MOST_OPTIONS of native/interposer/options.c. */
const mostArguments = 32;

/**
 * The emulator with the interposer behind it, which is what the kernel starts. A program header that nobody needs, that of the ABI tag
 * or the second one of a note, becomes the one that loads it, readable and executable; besides it and the entry, no byte of the
 * emulator changes.
 *
 * @throws AnyarchError ANYARCH_EMULATOR_UNPATCHABLE
 */
export function patchEmulator(emulator: Uint8Array, options: PatchOptions): Uint8Array {
  const { interposer } = options;
  checkArguments(options.arguments);
  const elf = readElf64(emulator);
  if (configSize(emulator.subarray(-16), elf.little) !== undefined)
    throw unpatchable('it is patched already');
  const host = commonHost(interposer, elf);
  const { replaced, last } = placeIn(elf);
  const alignment = Math.max(host.pageSize, last.alignment);
  const address = alignUp(last.address + last.memorySize, alignment);
  const offset = alignUp(emulator.length, alignment);
  const config = encodeConfig(
    {
      entryDistance: elf.entry - (address + interposer.length),
      bigEndian: options.bigEndian,
      arguments: options.arguments,
      original: {
        size: emulator.length,
        sha256: sha256(emulator),
        entry: elf.entry,
        headerAt: replaced.at,
        header: emulator.subarray(replaced.at, replaced.at + headerSize),
      },
      interposerSha256: sha256(interposer),
      interposerSize: interposer.length,
    },
    elf.little,
  );
  const size = interposer.length + config.length;
  const patched = new Uint8Array(offset + size);
  patched.set(emulator);
  patched.set(interposer, offset);
  patched.set(config, offset + interposer.length);
  const view = new DataView(patched.buffer);
  view.setBigUint64(entryAt, BigInt(address), elf.little);
  writeHeader(view, { ...replaced, offset, address, size, alignment }, elf.little);
  return patched;
}

function checkArguments(words: readonly string[]): void {
  const first = words[0];
  if (first !== undefined && !first.startsWith('-')) throw new Error(`${first} is no option`);
  if (words.length > mostArguments || words.some((word) => word === '' || word.includes('\0')))
    throw new Error(`not arguments for QEMU: ${words.join(' ')}`);
}

/** Loaded segments must ascend in the table, so the header has to stand behind the last of them. */
function placeIn(elf: Elf64): { replaced: ProgramHeader; last: ProgramHeader } {
  const { headers } = elf;
  const last = headers.filter(({ type }) => type === headerTypes.load).at(-1);
  if (last === undefined) throw unpatchable('it has no segments');
  const notes = headers.filter(({ type, at }) => type === headerTypes.note && at > last.at);
  const replaced =
    notes.find((header) => isAbiTag(elf, header)) ?? notes.find((header) => isToldTwice(elf, header));
  if (replaced === undefined) throw unpatchable('it has no program header that nobody needs');
  return { replaced, last };
}

function writeHeader(
  view: DataView,
  {
    at,
    offset,
    address,
    size,
    alignment,
  }: Record<'at' | 'offset' | 'address' | 'size' | 'alignment', number>,
  little: boolean,
): void {
  view.setUint32(at, headerTypes.load, little);
  view.setUint32(at + 4, headerFlags.read | headerFlags.execute, little);
  const numbers = [offset, address, address, size, size, alignment];
  for (const [index, number] of numbers.entries())
    view.setBigUint64(at + 8 + 8 * index, BigInt(number), little);
}

function alignUp(position: number, alignment: number): number {
  return Math.ceil(position / alignment) * alignment;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
