import type { ByteSource } from '../../core/byte-source.ts';
import { isElf } from '../../core/elf-header.ts';
import { readElf, type ElfFile } from '../../core/elf.ts';
import { AnyarchError } from '../../core/error.ts';
import { SystemError } from '../../host/system-error.ts';
import { fileProblem, readScriptLine, type FileProblem, type ScriptLine } from '../../registration/index.ts';
import { fact, type Examination } from '../examination.ts';
import { fileExplanation } from './explanation.ts';

/** The file that was asked about, by its own bytes: what the kernel sees before anything else is looked at. */
export interface AskedProgram {
  readonly path: string;
  /** Why execve cannot even open it. */
  readonly problem: FileProblem | undefined;
  /** Its first 256 bytes; undefined where they cannot be read. */
  readonly header: Uint8Array | undefined;
  /** Bytes. */
  readonly size: number;
  readonly script: ScriptLine | undefined;
  /** Undefined for what is no ELF file; the error tells what is wrong with one. */
  readonly elf: ElfFile | AnyarchError | undefined;
  readonly source: ByteSource;
}

/** The file that was named, or one that the message names; undefined where there is none. */
export const askedProgram = fact((examination): AskedProgram | undefined => {
  const { host } = examination;
  const path = examination.file ?? fileExplanation(examination)?.path;
  if (path === undefined) return undefined;
  const problem = fileProblem(host, path);
  const size = problem?.errno === 'ENOENT' ? 0 : sizeOf(examination, path);
  const source = { size, read: (offset: number, length: number) => host.files.readAt(path, offset, length) };
  const header = readHeader(examination, path);
  return {
    path,
    problem,
    header,
    size,
    source,
    script: header === undefined ? undefined : readScriptLine(header),
    elf: header === undefined || !isElf(header) ? undefined : elfOrError(source),
  };
});

/** As execve sees it (fs/exec.c, BINPRM_BUF_SIZE). Bytes. */
const headerSize = 256;

function sizeOf({ host }: Examination, path: string): number {
  return orUndefined(() => host.files.status(path))?.size ?? 0;
}

function readHeader({ host }: Examination, path: string): Uint8Array | undefined {
  if (orUndefined(() => host.files.status(path))?.kind !== 'file') return undefined;
  return orUndefined(() => host.files.readAt(path, 0, headerSize));
}

function elfOrError(source: ByteSource): ElfFile | AnyarchError {
  try {
    return readElf(source);
  } catch (error) {
    if (error instanceof AnyarchError) return error;
    throw error;
  }
}

/** What cannot be read is told by `problem`. */
function orUndefined<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof SystemError) return undefined;
    throw error;
  }
}
