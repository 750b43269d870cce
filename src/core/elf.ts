import { readUpTo } from './byte-source.ts';
import type { ByteSource } from './byte-source.ts';
import { readDynamic } from './elf-dynamic.ts';
import type { DynamicFacts } from './elf-dynamic.ts';
import { invalidElf, readLayout } from './elf-header.ts';
import type { ElfHeader } from './elf-header.ts';
import { readBuildId } from './elf-notes.ts';
import { readSegments, segmentTypes } from './elf-segments.ts';
import type { Segment } from './elf-segments.ts';
import { decodeUtf8 } from './text.ts';

export interface ElfFile extends ElfHeader {
  /** The file's first bytes, at most the 256 that the kernel compares with rules. */
  readonly headerBytes: Uint8Array;
  /** PT_INTERP: the dynamic loader that the kernel starts. */
  readonly interpreter: string | undefined;
  /** The GNU build ID in hexadecimal. */
  readonly buildId: string | undefined;
  readonly linkage: Linkage;
}

/**
 * - `static`, `static-pie`: runs without a loader
 * - `dynamic`: the kernel starts the loader named in PT_INTERP
 * - `library`: a shared object that is no program
 * - `none`: an object file or a core dump
 */
export type Linkage = 'static' | 'static-pie' | 'dynamic' | 'library' | 'none';

/**
 * Reads what matters for running a file. Reads at most about 200 KiB, whatever the file claims.
 *
 * @throws AnyarchError ANYARCH_ELF_INVALID for files that the kernel would refuse or that are cut off; the message
 * and `details.offset` say where. What `source.read` throws comes through.
 */
export function readElf(source: ByteSource): ElfFile {
  const headerBytes = readUpTo(source, 0, 256).slice();
  const { header, programHeaders } = readLayout(headerBytes);
  const isProgram = header.type === elfTypes.executable || header.type === elfTypes.shared;
  const segments = isProgram ? readSegments(source, header, programHeaders) : [];
  if (isProgram && segments.length === 0)
    throw invalidElf(header.class === 64 ? 56 : 44, 'no program headers');
  const interpreter = readInterpreter(source, segments);
  const dynamic = readDynamic(source, header, segments);
  return {
    ...header,
    headerBytes,
    interpreter,
    buildId: readBuildId(source, header, segments),
    linkage: linkageOf(header, interpreter, dynamic),
  };
}

const elfTypes = { executable: 2, shared: 3 } as const;
/** PATH_MAX, the kernel's limit (fs/binfmt_elf.c). */
const longestInterpreter = 4096;

function readInterpreter(source: ByteSource, segments: readonly Segment[]): string | undefined {
  const segment = segments.find(({ type }) => type === segmentTypes.interpreter);
  if (segment === undefined) return undefined;
  const { offset, size } = segment;
  if (size < 2 || size > longestInterpreter) {
    throw invalidElf(offset, `the loader's path has ${size} bytes, not 2 to ${longestInterpreter}`);
  }
  const bytes = readUpTo(source, offset, size);
  if (bytes.length < size)
    throw invalidElf(offset, `the loader's path is cut off: ${bytes.length} of ${size} bytes`);
  if (bytes[size - 1] !== 0)
    throw invalidElf(offset + size - 1, "the loader's path does not end with a zero byte");
  return decodeUtf8(bytes.subarray(0, bytes.indexOf(0)));
}

/**
 * A static position-independent program and a shared library are both ET_DYN without a loader. Linkers mark programs
 * with DF_1_PIE (binutils since 2.26, lld); without the mark, a library is what has a soname, needs others,
 * or has no entry point.
 */
function linkageOf(header: ElfHeader, interpreter: string | undefined, dynamic: DynamicFacts): Linkage {
  if (header.type !== elfTypes.executable && header.type !== elfTypes.shared) return 'none';
  if (interpreter !== undefined) return 'dynamic';
  if (header.type === elfTypes.executable) return 'static';
  if (dynamic.isPie) return 'static-pie';
  return dynamic.hasSoname || dynamic.needsLibraries || header.entry === '0x0' ? 'library' : 'static-pie';
}
