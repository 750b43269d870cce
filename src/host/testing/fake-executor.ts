import { architectureOfElf } from '../../core/elf-architecture.ts';
import { isElf, readElfHeader } from '../../core/elf-header.ts';
import { toHex } from '../../core/hex.ts';
import { explainMatch } from '../../core/match.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { ExecutionOutcome, Executor } from '../processes.ts';
import { SystemError } from '../system-error.ts';
import type { FakeFiles } from './fake-files.ts';
import type { FakeFile } from './fake-node.ts';
import type { FakeTable } from './fake-table.ts';

/** What a program is started with once the kernel has found it. */
export interface Execution {
  /** As the program gets it: an interpreter's own path first, then the program that it is to run. */
  readonly arguments: readonly string[];
  /** Content of the file that was to be executed, whatever interprets it. */
  readonly program: Uint8Array;
}

export type Behaviour = (execution: Execution) => ExecutionOutcome;

export interface FakeExecutorOptions {
  /**
   * QEMU's names of the architectures that the machine runs by itself. Default: x86_64 and i386; in `fakeHost` what
   * `system.machine` runs. Without that one, anyarch itself is emulated.
   */
  readonly native?: readonly string[];
  /** What native ELF files exit with that have no behaviour of their own. Default 42, as probes do. */
  readonly exitCode?: number;
}

export interface FakeExecutor extends Executor {
  /** Files with this content are programs that the machine runs by itself, and this is what they do. */
  addProgram(content: Uint8Array, behaviour: Behaviour): void;
}

/** Interpreters that the kernel follows before it gives up (fs/exec.c, `exec_binprm`). */
const maxDepth = 5;

/** Does what execve(2) does with the fake's files and table: test/contract/executor.ts holds it to that. */
export function fakeExecutor(
  files: FakeFiles,
  table: FakeTable,
  { native = ['x86_64', 'i386'], exitCode = 42 }: FakeExecutorOptions = {},
): FakeExecutor {
  const behaviours = new Map<string, Behaviour>();

  const nativeBehaviour = ({ data }: FakeFile): Behaviour | undefined => {
    const known = behaviours.get(toHex(data));
    if (known !== undefined) return known;
    const runsNatively = isElf(data) && native.includes(architectureOfElf(readElfHeader(data))?.name ?? '');
    return runsNatively ? () => ({ kind: 'exited', code: exitCode }) : undefined;
  };

  const execve = (path: string, argv: readonly string[]): ExecutionOutcome => {
    const program = files.openForExecution(path);
    const refused = (errno: string) => new SystemError(errno, 'execve', path);
    let current: Interpretation = { file: program, fileName: path, argv, opensBinary: false };
    let holdsBinary = false;
    for (let depth = 0; depth <= maxDepth; depth += 1) {
      const byTable = interpretByTable(current, files, table);
      const behaviour = byTable === undefined ? nativeBehaviour(current.file) : undefined;
      if (behaviour !== undefined) return behaviour({ arguments: current.argv, program: program.data });
      const next = byTable ?? interpretAsScript(current, files);
      if (next === undefined) throw refused('ENOEXEC');
      // One open descriptor can be passed on: behind an entry with flag O no second interpreter may follow.
      if (holdsBinary) throw refused('ENOEXEC');
      holdsBinary = next.opensBinary;
      current = next;
    }
    throw refused('ELOOP');
  };

  const execute: Executor['execute'] = (path, args = [], { argv0 = path } = {}) => {
    try {
      return execve(path, [argv0, ...args]);
    } catch (error) {
      if (error instanceof SystemError) return { kind: 'refused', errno: error.errno };
      throw error;
    }
  };
  return {
    addProgram: (content, behaviour) => {
      behaviours.set(toHex(content), behaviour);
    },
    execute,
    executeAll: (programs) => programs.map((program) => execute(program)),
  };
}

interface Interpretation {
  readonly file: FakeFile;
  /** What the next match looks at for an extension. */
  readonly fileName: string;
  readonly argv: readonly string[];
  /** Reached through an entry with flag O. */
  readonly opensBinary: boolean;
}

/** fs/binfmt_misc.c, `load_misc_binary`. */
function interpretByTable(
  current: Interpretation,
  files: FakeFiles,
  table: FakeTable,
): Interpretation | undefined {
  const { winner } = explainMatch(
    { header: current.file.data, fileName: current.fileName },
    { enabled: table.enabled, entries: table.entries.map(({ entry }) => entry) },
  );
  if (winner === undefined) return undefined;
  const { interpreter, flags } = winner;
  const pinned = table.entries.find(({ entry }) => entry === winner)?.pinned;
  const [argv0 = '', ...args] = current.argv;
  const preserved = flags.preserveArgv0 ? [argv0] : [];
  return {
    file: pinned ?? files.openForExecution(interpreter),
    fileName: interpreter,
    argv: [interpreter, current.fileName, ...preserved, ...args],
    opensBinary: flags.openBinary,
  };
}

/** fs/binfmt_script.c: everything behind the first word is one argument. */
function interpretAsScript(current: Interpretation, files: FakeFiles): Interpretation | undefined {
  const [firstLine = ''] = decodeUtf8(current.file.data.subarray(0, 256)).split('\n', 1);
  const words = /^#![ \t]*([^ \t]+)[ \t]*(.*?)[ \t]*$/.exec(firstLine);
  if (words === null) return undefined;
  const [, interpreter = '', argument = ''] = words;
  return {
    file: files.openForExecution(interpreter),
    fileName: interpreter,
    argv: [interpreter, ...(argument === '' ? [] : [argument]), current.fileName, ...current.argv.slice(1)],
    opensBinary: false,
  };
}
