import { readUpTo, type ByteSource } from '../core/byte-source.ts';
import { readLayout } from '../core/elf-header.ts';
import { readElf, type ElfFile } from '../core/elf.ts';
import { readSegments, segmentTypes } from '../core/elf-segments.ts';
import { AnyarchError } from '../core/error.ts';
import { toHex } from '../core/hex.ts';
import { parseQemuVersion } from '../core/version.ts';
import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import type { EmulatorFacts } from './situation.ts';

/**
 * What advisories ask of an emulator's file: its bytes are read, and it is asked for its version (at most 5 s). What cannot be found out
 * is left out.
 */
export function emulatorFacts(host: Pick<Host, 'files' | 'processes'>, path: string): EmulatorFacts {
  const answer = host.processes.run([path, '--version'], { timeoutMs: 5000 });
  const version = parseQemuVersion(answer.stdout);
  return {
    version: version?.version,
    byDebian: version === undefined ? undefined : version.debianVersion !== undefined,
    ...buildFacts(host.files, path),
  };
}

function buildFacts(files: Host['files'], path: string): Pick<EmulatorFacts, 'linkage' | 'libc'> {
  try {
    const size = files.status(path)?.size ?? 0;
    const source: ByteSource = { size, read: (offset, length) => files.readAt(path, offset, length) };
    const elf = readElf(source);
    const { linkage } = elf;
    if (linkage === 'library' || linkage === 'none') return {};
    return { linkage, libc: libcOf(elf, source) };
  } catch (error) {
    if (error instanceof AnyarchError || error instanceof SystemError) return {};
    throw error;
  }
}

/** glibc's start files mark each program with the kernel that it needs (NT_GNU_ABI_TAG); musl's do not. */
function libcOf({ interpreter }: ElfFile, source: ByteSource): 'glibc' | 'musl' {
  if (interpreter !== undefined) return interpreter.includes('/ld-musl-') ? 'musl' : 'glibc';
  const { header, programHeaders } = readLayout(readUpTo(source, 0, 64));
  // Lengths of name and content, and the type; then the name.
  const head = header.endianness === 'little' ? '040000001000000001000000' : '000000040000001000000001';
  const isMarked = readSegments(source, header, programHeaders)
    .filter(({ type }) => type === segmentTypes.note)
    .some(({ offset, size }) =>
      toHex(readUpTo(source, offset, Math.min(size, largestNotes))).includes(`${head}${gnu}`),
    );
  return isMarked ? 'glibc' : 'musl';
}

/** Bytes; real ones have a few hundred. */
const largestNotes = 65536;
/** `GNU`, NUL-terminated. */
const gnu = '474e5500';
