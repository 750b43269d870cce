import { beforeEach, describe, expect, it } from 'vitest';
import { buildProbe } from '../../src/core/probe/probe.ts';
import type { Files } from '../../src/host/files.ts';
import type { KernelTable } from '../../src/host/kernel-table.ts';
import type { Executor } from '../../src/host/processes.ts';

export interface ExecutorSubject {
  readonly executor: Executor;
  readonly files: Files;
  /** An empty table that is in force for what is executed. */
  readonly table: KernelTable;
  /** An empty writable directory, with a short path. */
  readonly directory: string;
  /** On a noexec mount, an executable program. */
  readonly noExecuteProgram: string;
  /** A program for the machine itself that exits with the code. */
  readonly nativeProgram: (exitCode: number) => Uint8Array;
}

/** What execve(2) leads to, with and without entries; each success has a twin that fails. */
export function describeExecutor(name: string, open: () => ExecutorSubject): void {
  describe(`Executor: ${name}`, () => {
    let subject: ExecutorSubject;
    let directory: string;
    beforeEach(() => {
      subject = open();
      ({ directory } = subject);
    });
    const foreign = buildProbe('s390x');
    const foreignMagic = '\\x7fELF\\x02\\x02';
    const file = (path: string, content: Uint8Array | string, mode = 0o755): string => {
      const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
      subject.files.writeAtomic(`${directory}/${path}`, bytes, mode);
      return `${directory}/${path}`;
    };
    const interpreter = (path: string, exitCode: number) => file(path, subject.nativeProgram(exitCode));
    const register = (rule: string) => {
      subject.table.register(new TextEncoder().encode(rule));
    };
    const outcome = (path: string): string => {
      const result = subject.executor.execute(path);
      if (result.kind === 'exited') return `exit ${result.code}`;
      return result.kind === 'refused' ? result.errno : result.kind;
    };

    it('runs native programs and gives their exit codes', () => {
      expect(outcome(file('native', subject.nativeProgram(7)))).toBe('exit 7');
      expect(outcome(file('other', subject.nativeProgram(0)))).toBe('exit 0');
    });

    it('names what keeps a file from being executed', () => {
      const native = subject.nativeProgram(7);
      expect(outcome(`${directory}/missing`)).toBe('ENOENT');
      expect(outcome(`${file('plain', native)}/below`)).toBe('ENOTDIR');
      expect(outcome(directory)).toBe('EACCES');
      expect(outcome(file('data', native, 0o644))).toBe('EACCES');
      expect(outcome(subject.noExecuteProgram)).toBe('EACCES');
      expect(outcome(file('empty', ''))).toBe('ENOEXEC');
      expect(outcome(file('text', 'echo no shell is asked\n'))).toBe('ENOEXEC');
      expect(outcome(file('foreign', foreign))).toBe('ENOEXEC');
    });

    it('runs scripts by their interpreter', () => {
      const native = interpreter('native', 7);
      expect(outcome(file('script', `#!${native}\n`))).toBe('exit 7');
      expect(outcome(file('script2', `#! ${native} argument\n`))).toBe('exit 7');
      expect(outcome(file('broken', `#!${directory}/missing\n`))).toBe('ENOENT');
      expect(outcome(file('circle', `#!${directory}/circle\n`))).toBe('ELOOP');
    });

    it.each(['', 'F', 'O', 'P', 'C', 'FPOC'])(
      'runs a foreign program by an entry with the flags "%s"',
      (flags) => {
        const program = file('foreign', foreign);
        register(`:e:M::${foreignMagic}::${interpreter('i', 9)}:${flags}`);
        expect(outcome(program)).toBe('exit 9');
        subject.table.control('e', '0');
        expect(outcome(program)).toBe('ENOEXEC');
        subject.table.control('e', '1');
        expect(outcome(program)).toBe('exit 9');
        subject.table.control('e', '-1');
        expect(outcome(program)).toBe('ENOEXEC');
      },
    );

    it('follows no entry while the table is switched off', () => {
      const program = file('foreign', foreign);
      register(`:e:M::${foreignMagic}::${interpreter('i', 9)}:`);
      subject.files.writeOnce(`${subject.table.path}/status`, new TextEncoder().encode('0'));
      expect(outcome(program)).toBe('ENOEXEC');
      subject.files.writeOnce(`${subject.table.path}/status`, new TextEncoder().encode('1'));
      expect(outcome(program)).toBe('exit 9');
    });

    it('lets the newest entry win, and the older one take over', () => {
      const program = file('foreign', foreign);
      register(`:old:M::${foreignMagic}::${interpreter('i1', 1)}:`);
      register(`:new:M::${foreignMagic}::${interpreter('i2', 2)}:`);
      expect(outcome(program)).toBe('exit 2');
      subject.table.control('new', '0');
      expect(outcome(program)).toBe('exit 1');
      subject.table.control('new', '1');
      subject.table.control('old', '-1');
      expect(outcome(program)).toBe('exit 2');
    });

    it('compares under the mask, and takes zeros behind the end of a short file', () => {
      const program = file('foreign', foreign);
      const shortFile = file('short', 'ab');
      register(`:masked:M:4:\\x02\\xfe:\\xff\\x03:${interpreter('i1', 1)}:`);
      expect(outcome(program)).toBe('exit 1');
      subject.table.control('masked', '-1');
      register(`:strict:M:4:\\x02\\xfe:\\xff\\xff:${interpreter('i1', 1)}:`);
      expect(outcome(program)).toBe('ENOEXEC');
      register(`:short:M::ab\\x00\\x00::${interpreter('i2', 2)}:`);
      expect(outcome(shortFile)).toBe('exit 2');
    });

    it('matches the last extension, in its case', () => {
      register(`:e:E::exe::${interpreter('i', 9)}:`);
      expect(outcome(file('a.exe', 'text'))).toBe('exit 9');
      expect(outcome(file('a.tar.exe', 'text'))).toBe('exit 9');
      expect(outcome(file('a.EXE', 'text'))).toBe('ENOEXEC');
      expect(outcome(file('a.exe.txt', 'text'))).toBe('ENOEXEC');
      expect(outcome(file('exe', 'text'))).toBe('ENOEXEC');
      expect(outcome(file('native.exe', subject.nativeProgram(1)))).toBe('exit 9');
    });

    it('looks an interpreter up at each execution without flag F', () => {
      const program = file('foreign', foreign);
      register(`:e:M::${foreignMagic}::${directory}/i:`);
      expect(outcome(program)).toBe('ENOENT');
      interpreter('i', 1);
      expect(outcome(program)).toBe('exit 1');
      interpreter('i', 2);
      expect(outcome(program)).toBe('exit 2');
      file('i', subject.nativeProgram(1), 0o644);
      expect(outcome(program)).toBe('EACCES');
    });

    it('goes on with the interpreter that flag F pinned', () => {
      const program = file('foreign', foreign);
      register(`:e:M::${foreignMagic}::${interpreter('i', 1)}:F`);
      interpreter('i', 2);
      expect(outcome(program)).toBe('exit 1');
      subject.files.remove(`${directory}/i`);
      expect(outcome(program)).toBe('exit 1');
      subject.table.control('e', '-1');
      expect(outcome(program)).toBe('ENOEXEC');
    });

    it.each([
      ['', 'ELOOP'],
      ['F', 'ELOOP'],
      ['P', 'ELOOP'],
      // Only one interpreter may follow an entry that passes an open descriptor (fs/exec.c, `exec_binprm`).
      ['O', 'ENOEXEC'],
      ['FC', 'ENOEXEC'],
    ])('finds no end when the interpreter matches itself, with the flags "%s": %s', (flags, errno) => {
      const native = file('native', subject.nativeProgram(7));
      register(`:e:M::\\x7fELF::${interpreter('i', 9)}:${flags}`);
      expect(outcome(native)).toBe(errno);
      subject.table.control('e', '-1');
      expect(outcome(native)).toBe('exit 7');
    });

    it.each(['O', 'C'])('takes no script as the interpreter of an entry with flag %s', (flag) => {
      const program = file('foreign', foreign);
      const script = file('script', `#!${interpreter('i', 9)}\n`);
      register(`:plain:M::${foreignMagic}::${script}:`);
      expect(outcome(program)).toBe('exit 9');
      register(`:opened:M::${foreignMagic}::${script}:${flag}`);
      expect(outcome(program)).toBe('ENOEXEC');
    });

    it('follows a chain of five interpreters and no longer one', () => {
      const chain = (length: number): string => {
        const tag = `c${length}`;
        interpreter(`${tag}-0`, 5);
        for (let index = 1; index <= length; index += 1) {
          file(`${tag}-${index}`, `${tag}-link-${index};`);
          register(`:${tag}-${index}:M::${tag}-link-${index};::${directory}/${tag}-${index - 1}:`);
        }
        return `${directory}/${tag}-${length}`;
      };
      expect(outcome(chain(5))).toBe('exit 5');
      expect(outcome(chain(6))).toBe('ELOOP');
    });

    it('does the same with many at a time, in their order', () => {
      register(`:e:M::${foreignMagic}::${interpreter('i', 9)}:F`);
      register(`:loop:M::loop::${file('loop', 'loop')}:`);
      const native = subject.nativeProgram(7);
      const kinds = [
        file('native', native),
        file('foreign', foreign),
        `${directory}/missing`,
        file('script', `#!${directory}/native\n`),
        directory,
        file('data', native, 0o644),
        subject.noExecuteProgram,
        file('text', 'echo no shell is asked\n'),
        `${directory}/loop`,
        file('other', subject.nativeProgram(0)),
        `${directory}/native/below`,
      ];
      for (const programs of [[], kinds.slice(0, 1), kinds, [...kinds, ...kinds.reverse(), ...kinds]]) {
        const expected = programs.map((program) => subject.executor.execute(program));
        expect(subject.executor.executeAll(programs)).toEqual(expected);
      }
      subject.table.control('e', '-1');
      expect(subject.executor.executeAll([`${directory}/foreign`, `${directory}/native`])).toEqual([
        { kind: 'refused', errno: 'ENOEXEC' },
        { kind: 'exited', code: 7 },
      ]);
    });

    it('refuses with ENOEXEC when the interpreter is foreign itself', () => {
      const program = file('foreign', foreign);
      register(`:e:M:4:\\x02\\x02::${file('i', buildProbe('mips'))}:`);
      expect(outcome(program)).toBe('ENOEXEC');
    });
  });
}
