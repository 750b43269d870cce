import { architectureOfElf } from '../../core/elf-architecture.ts';
import { isElf } from '../../core/elf-header.ts';
import { readElf, type Linkage } from '../../core/elf.ts';
import { AnyarchError } from '../../core/error.ts';
import { ignoring } from '../../host/system-error.ts';
import { fileProblem, readScriptLine, type FileProblem, type ScriptLine } from '../../registration/index.ts';
import { fact, type Examination } from '../examination.ts';

/** The file that an interpreter's path leads to now, on this host. */
export interface InterpreterFile {
  readonly exists: boolean;
  /** Why execve cannot even open it. */
  readonly problem: FileProblem | undefined;
  /** Undefined where it cannot be read or is no ELF program. */
  readonly program:
    | {
        /** QEMU's target name; undefined for those that QEMU does not know. */
        readonly architecture: string | undefined;
        readonly linkage: Linkage;
        /** Its dynamic loader. */
        readonly loader: string | undefined;
      }
    | undefined;
  readonly script: ScriptLine | undefined;
}

/** @param path absolute */
export function interpreterFile(examination: Examination, path: string): InterpreterFile {
  const known = lookedAt(examination);
  const found = known.get(path) ?? look(examination, path);
  known.set(path, found);
  return found;
}

const lookedAt = fact(() => new Map<string, InterpreterFile>());

const unreadable = ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'EISDIR', 'EIO'];

/** The kernel reads so much of a script (fs/exec.c, BINPRM_BUF_SIZE). Bytes. */
const headerSize = 256;

function look({ host }: Examination, path: string): InterpreterFile {
  const { files } = host;
  const problem = fileProblem(host, path);
  const status = ignoring(unreadable, () => files.status(path));
  const isFile = status?.kind === 'file';
  const header = isFile ? ignoring(unreadable, () => files.readAt(path, 0, headerSize)) : undefined;
  return {
    exists: status !== undefined,
    problem,
    program: header === undefined || !isElf(header) ? undefined : programOf(files, path, status?.size ?? 0),
    script: header === undefined ? undefined : readScriptLine(header),
  };
}

function programOf(
  files: Examination['host']['files'],
  path: string,
  size: number,
): InterpreterFile['program'] {
  try {
    const elf = readElf({ size, read: (offset, length) => files.readAt(path, offset, length) });
    return {
      architecture: architectureOfElf(elf)?.name,
      linkage: elf.linkage,
      loader: elf.interpreter,
    };
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}
