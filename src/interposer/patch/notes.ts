import { equalBytes } from '../../core/bytes.ts';
import { encodeUtf8 } from '../../core/text.ts';
import { headerTypes } from './elf64.ts';
import type { Elf64, ProgramHeader } from './elf64.ts';

/** elf.h: NT_GNU_ABI_TAG, the oldest kernel that a program works on. */
const abiTag = 1;
const gnu = encodeUtf8('GNU\0');

/** Whether the segment is one note and that is the ABI tag, which no kernel and no static program reads. */
export function isAbiTag({ view, little }: Elf64, { offset, fileSize }: ProgramHeader): boolean {
  // Name of 4 bytes, 16 of the description: a number for the system, three for the version.
  if (fileSize !== 32) return false;
  const name = new Uint8Array(view.buffer, view.byteOffset + offset + 12, 4);
  const word = (index: number): number => view.getUint32(offset + 4 * index, little);
  return word(0) === 4 && word(1) === 16 && word(2) === abiTag && equalBytes(name, gnu);
}

/**
 * Whether the note is told twice, as linkers do with NT_GNU_PROPERTY: kernels since 5.8 and C libraries read it where the header of
 * its own (PT_GNU_PROPERTY) says. Older linkers put the ABI tag and the build id under one header, which has to stay.
 */
export function isToldTwice({ headers }: Elf64, { offset, fileSize }: ProgramHeader): boolean {
  return headers.some(
    (other) => other.type === headerTypes.property && other.offset === offset && other.fileSize === fileSize,
  );
}
