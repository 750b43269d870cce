import { readUpTo, type ByteSource } from '../../core/byte-source.ts';
import { readLayout } from '../../core/elf-header.ts';
import { readSegments, segmentTypes } from '../../core/elf-segments.ts';
import { readElf } from '../../core/elf.ts';
import { AnyarchError } from '../../core/error.ts';
import { followInside } from '../../host/follow-inside.ts';
import { SystemError } from '../../host/system-error.ts';
import { fact, type Examination } from '../examination.ts';

/**
 * Paths of the asked program, its loader and the C library of the root that are marked as compiled with pointer authentication
 * (GNU_PROPERTY_AARCH64_FEATURE_1_AND, "ELF for the Arm 64-bit Architecture"); undefined where no arm64 guest is known.
 */
export const signsPointers = fact((examination): readonly string[] | undefined => {
  const { root, file, host } = examination;
  const inRoot = root === '/' ? [] : libraries.flatMap((path) => followed(examination, path) ?? []);
  const paths = [...(file === undefined ? [] : [file]), ...inRoot];
  const marks = paths.flatMap((path) => {
    const isMarked = isMarkedIn(host.files, path);
    return isMarked === undefined ? [] : [{ path, isMarked }];
  });
  if (marks.length === 0) return undefined;
  return marks.filter(({ isMarked }) => isMarked).map(({ path }) => path);
});

const libraries = ['/lib/ld-linux-aarch64.so.1', '/lib/aarch64-linux-gnu/libc.so.6', '/lib64/libc.so.6'];

function followed({ host: { files }, root }: Examination, path: string): string | undefined {
  try {
    return followInside(files, root, path);
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}

/** e_machine of arm64. */
const aarch64 = 183;
/** Note type NT_GNU_PROPERTY_TYPE_0 and its name; the property's type and length stand at the start of its content. */
const propertyNote = [5, 0x00554e47] as const;
const feature1And = 0xc000_0000;
const pointerAuthentication = 2;
/** Bytes. */
const largestNotes = 65536;

/** Undefined for what is no arm64 program. */
function isMarkedIn(files: Examination['host']['files'], path: string): boolean | undefined {
  try {
    const size = files.status(path)?.size ?? 0;
    const source = { size, read: (offset: number, length: number) => files.readAt(path, offset, length) };
    return readElf(source).machine === aarch64 ? hasProperty(source) : undefined;
  } catch (error) {
    if (error instanceof SystemError || error instanceof AnyarchError) return undefined;
    throw error;
  }
}

function hasProperty(source: ByteSource): boolean {
  const { header, programHeaders } = readLayout(readUpTo(source, 0, 64));
  const little = header.endianness === 'little';
  return readSegments(source, header, programHeaders)
    .filter(({ type }) => type === segmentTypes.note)
    .some(({ offset, size }) => {
      const bytes = readUpTo(source, offset, Math.min(size, largestNotes));
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
      return noteStarts(bytes.length).some((at) => isSigning(view, at, little));
    });
}

/** Notes begin at multiples of four; looking at each of them needs no trust in their lengths. */
function noteStarts(length: number): number[] {
  return Array.from({ length: Math.max(0, Math.floor((length - 28) / 4) + 1) }, (_, index) => index * 4);
}

function isSigning(view: DataView, at: number, little: boolean): boolean {
  const word = (index: number): number => view.getUint32(at + index * 4, little);
  const [type, name] = propertyNote;
  return (
    word(0) === 4 &&
    word(2) === type &&
    view.getUint32(at + 12, true) === name &&
    word(4) === feature1And &&
    (word(6) & pointerAuthentication) !== 0
  );
}
