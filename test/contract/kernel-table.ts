import { beforeEach, describe, expect, it } from 'vitest';
import type { Files } from '../../src/host/files.ts';
import type { KernelTable } from '../../src/host/kernel-table.ts';
import { errnoThrownBy } from './errno.ts';

export interface KernelTableSubject {
  /** An empty table, switched on. */
  readonly table: KernelTable;
  /** Through which the table's control files and its interpreters are reached. */
  readonly files: Files;
  /** An empty writable directory, with a short path, for interpreters. */
  readonly directory: string;
  /** On a noexec mount, an executable file. */
  readonly noExecuteProgram: string;
}

/**
 * What binfmt_misc does, for the kernel's and for every imitation. `open` gives a fresh subject for each test.
 * Order of checks, limits and texts: fs/binfmt_misc.c of Linux 6.18.
 */
export function describeKernelTable(name: string, open: () => KernelTableSubject): void {
  describe(`KernelTable: ${name}`, () => {
    let table: KernelTable;
    let files: Files;
    let directory: string;
    let noExecuteProgram: string;
    beforeEach(() => {
      ({ table, files, directory, noExecuteProgram } = open());
    });
    const register = (rule: string) => {
      table.register(new TextEncoder().encode(rule));
    };
    const refusal = (rule: string) =>
      errnoThrownBy(() => {
        register(rule);
      });
    const write = (file: string, text: string) =>
      errnoThrownBy(() => {
        files.writeOnce(`${table.path}/${file}`, new TextEncoder().encode(text));
      });

    it('is empty at first', () => {
      expect(table.list()).toEqual([]);
      expect(table.enabled()).toBe(true);
      expect(files.list(table.path).sort()).toEqual(['register', 'status']);
    });

    it('lists the newest entry first', () => {
      ['b', 'a', 'c'].forEach((entry) => {
        register(`:${entry}:E::x::/bin/true:`);
      });
      expect(table.list()).toEqual(['c', 'a', 'b']);
      table.control('a', '-1');
      expect(table.list()).toEqual(['c', 'b']);
    });

    it.each([
      [
        ':e:M::\\x7fELF:\\xff\\xff\\x00\\xff:/i:',
        'enabled\ninterpreter /i\nflags: \noffset 0\nmagic 7f454c46\nmask ffff00ff\n',
      ],
      [':e:M:12:ab::/i:', 'enabled\ninterpreter /i\nflags: \noffset 12\nmagic 6162\n'],
      [':e:M::ab::/a path:P', 'enabled\ninterpreter /a path\nflags: P\noffset 0\nmagic 6162\n'],
      [':e:M::ab::/i:CP', 'enabled\ninterpreter /i\nflags: POC\noffset 0\nmagic 6162\n'],
      [':e:M::ab::/i:O\n', 'enabled\ninterpreter /i\nflags: O\noffset 0\nmagic 6162\n'],
      [':e:M:+7:ab::/i:PP', 'enabled\ninterpreter /i\nflags: P\noffset 7\nmagic 6162\n'],
      [':e:E::exe::/i:', 'enabled\ninterpreter /i\nflags: \nextension .exe\n'],
      [':e:E:any:\\x41:mask:/i:', 'enabled\ninterpreter /i\nflags: \nextension .\\x41\n'],
      [',e,M,,a:b,,/i,', 'enabled\ninterpreter /i\nflags: \noffset 0\nmagic 613a62\n'],
      [':e:M::a\\x3ab\\\\x41::/i:', 'enabled\ninterpreter /i\nflags: \noffset 0\nmagic 613a625c5c783431\n'],
      [':e:M::a\\n\\101::/i:', 'enabled\ninterpreter /i\nflags: \noffset 0\nmagic 615c6e5c313031\n'],
      [':e:E::é::relative/ü:', 'enabled\ninterpreter relative/ü\nflags: \nextension .é\n'],
    ])('prints %j', (rule, text) => {
      register(rule);
      expect(table.read('e')).toBe(text);
    });

    it('prints all flags, whatever their order was', () => {
      files.writeAtomic(`${directory}/i`, new Uint8Array(), 0o755);
      register(`:e:E::x::${directory}/i:FCPO`);
      expect(table.read('e')).toBe(`enabled\ninterpreter ${directory}/i\nflags: POCF\nextension .x\n`);
    });

    it.each([
      ['no type', ':e:X::ab::/i:'],
      ['lower-case type', ':e:m::ab::/i:'],
      ['an unknown flag', ':e:M::ab::/i:Q'],
      ['text behind the flags', ':e:M::ab::/i:P P'],
      ['two newlines', ':e:M::ab::/i:P\n\n'],
      ['no last delimiter', ':e:M::ab::/interpreter'],
      ['no name', '::M::abc::/iii:'],
      ['the name .', ':.:M::ab::/i:'],
      ['the name ..', ':..:M::ab::/i:'],
      ['a path as a name', ':a/b:M::ab::/i:'],
      ['no interpreter', ':e:M::abcd:::'],
      ['no magic', ':e:M::::/interpreter:'],
      ['a magic that begins with NUL', ':e:M::\0ab::/i:'],
      ['a bad escape', ':e:M::\\xg0::/i:'],
      ['half an escape', ':e:M::a\\x1::/i:'],
      ['a mask that is shorter', ':e:M::ab:\\xff:/i:'],
      ['a mask that is longer', ':e:M::ab:\\xff\\xff\\xff:/i:'],
      ['a negative offset', ':e:M:-1:ab::/i:'],
      ['an offset that is no number', ':e:M:1x:ab::/i:'],
      ['an offset in hexadecimal', ':e:M:0x1:ab::/i:'],
      ['an offset too large for an int', ':e:M:2147483648:ab::/i:'],
      ['an extension with a slash', ':e:E::a/b::/i:'],
      ['no extension', ':e:E::::/interpreter:'],
      ['too little text', ':e:E::x::/'],
      ['nothing', ''],
    ])('refuses a rule with %s', (_, rule) => {
      expect(refusal(rule)).toBe('EINVAL');
      expect(table.list()).toEqual([]);
    });

    it('takes names of 255 bytes and no longer ones', () => {
      expect(refusal(`:${'n'.repeat(255)}:E::x::/i:`)).toBeUndefined();
      expect(refusal(`:${'n'.repeat(256)}:E::x::/i:`)).toBe('ENAMETOOLONG');
      expect(refusal(`:${'n'.repeat(256)}:E::x::/i:Q`)).toBe('EINVAL');
      expect(refusal(`:${'n'.repeat(256)}:E::x::${directory}/missing:F`)).toBe('ENOENT');
      expect(table.list()).toEqual(['n'.repeat(255)]);
    });

    it('takes 1920 bytes and no more', () => {
      const rule = (length: number) => `:long:E::x::/${'i'.repeat(length - 14)}:`;
      expect(rule(1920)).toHaveLength(1920);
      expect(refusal(rule(1921))).toBe('EINVAL');
      expect(refusal(rule(1920))).toBeUndefined();
      expect(table.read('long')).toContain('i'.repeat(1906));
    });

    it('compares within the first 256 bytes of a file', () => {
      expect(refusal(':a:M:254:ab::/i:')).toBeUndefined();
      expect(refusal(':b:M:255:ab::/i:')).toBe('EINVAL');
      expect(refusal(`:c:M::${'m'.repeat(256)}::/i:`)).toBeUndefined();
      expect(refusal(`:d:M::${'m'.repeat(257)}::/i:`)).toBe('EINVAL');
      expect(refusal(`:e:M:1:${'\\xff'.repeat(255)}:${'\\xff'.repeat(255)}:/i:`)).toBe('EINVAL');
    });

    it('has one entry of each name, and none with the names of its own files', () => {
      register(':e:M::ab::/i:');
      expect(refusal(':e:E::x::/other:')).toBe('EEXIST');
      expect(refusal(':register:M::ab::/i:')).toBe('EEXIST');
      expect(refusal(':status:M::ab::/i:')).toBe('EEXIST');
      expect(table.read('e')).toContain('interpreter /i\n');
      table.control('e', '-1');
      expect(refusal(':e:E::x::/other:')).toBeUndefined();
    });

    it('opens the interpreter at registration with flag F only', () => {
      files.writeAtomic(`${directory}/data`, new Uint8Array(), 0o644);
      files.writeAtomic(`${directory}/program`, new Uint8Array(), 0o755);
      const withFlags = (name: string, path: string, flags: string) =>
        refusal(`:${name}:E::x::${path}:${flags}`);
      expect(withFlags('a', `${directory}/missing`, 'F')).toBe('ENOENT');
      expect(withFlags('a', `${directory}/data/below`, 'F')).toBe('ENOTDIR');
      expect(withFlags('a', `${directory}/data`, 'F')).toBe('EACCES');
      expect(withFlags('a', directory, 'F')).toBe('EACCES');
      expect(withFlags('a', noExecuteProgram, 'F')).toBe('EACCES');
      expect(table.list()).toEqual([]);
      expect(withFlags('a', `${directory}/program`, 'F')).toBeUndefined();
      expect(withFlags('b', `${directory}/missing`, '')).toBeUndefined();
      expect(withFlags('c', directory, '')).toBeUndefined();
      // The interpreter is opened before the name is looked up.
      expect(withFlags('a', `${directory}/missing`, 'F')).toBe('ENOENT');
    });

    it('keeps a pinned interpreter from being written in place, as long as it is pinned', () => {
      const overwrite = () =>
        errnoThrownBy(() => {
          files.writeOnce(`${directory}/i`, new TextEncoder().encode('x'));
        });
      files.writeAtomic(`${directory}/i`, new Uint8Array(1), 0o755);
      expect(overwrite()).toBeUndefined();
      register(`:e:E::x::${directory}/i:F`);
      register(`:f:E::x::${directory}/i:F`);
      table.control('e', '-1');
      expect(overwrite()).toBe('ETXTBSY');
      files.writeAtomic(`${directory}/i`, new Uint8Array(1), 0o755);
      expect(overwrite()).toBeUndefined();
    });

    it('parses each write by itself: a split rule is two broken ones', () => {
      expect(refusal(':split:M::abcdefgh')).toBe('EINVAL');
      expect(refusal('ijkl::/interpreter:')).toBe('EINVAL');
      expect(refusal(':split:M::abcdefghijkl::/interpreter:')).toBeUndefined();
      expect(table.list()).toEqual(['split']);
    });

    it('disables, enables and removes one entry', () => {
      register(':a:E::x::/i:');
      register(':b:E::x::/i:');
      table.control('a', '0');
      expect(table.read('a')).toMatch(/^disabled\n/);
      expect(table.read('b')).toMatch(/^enabled\n/);
      table.control('a', '1');
      expect(table.read('a')).toMatch(/^enabled\n/);
      table.control('a', '-1');
      expect(table.list()).toEqual(['b']);
      expect(errnoThrownBy(() => table.read('a'))).toBe('ENOENT');
      expect(
        errnoThrownBy(() => {
          table.control('a', '1');
        }),
      ).toBe('ENOENT');
    });

    it('never takes its own files or paths for entries', () => {
      register(':a:E::x::/i:');
      for (const entry of ['status', 'register', '', '.', '..', '../binfmt_misc/a', 'a/../a']) {
        expect(
          errnoThrownBy(() => {
            table.control(entry, '-1');
          }),
        ).toBe('ENOENT');
        expect(errnoThrownBy(() => table.read(entry))).toBe('ENOENT');
      }
      expect(table.list()).toEqual(['a']);
    });

    it('understands nothing but 0, 1 and -1 as a command', () => {
      register(':a:E::x::/i:');
      for (const command of ['2', '-2', 'x', '\n', '01', '-1\n\n', '1 ', ' 1'])
        expect(write('a', command)).toBe('EINVAL');
      expect(write('a', '0\n')).toBeUndefined();
      expect(table.read('a')).toMatch(/^disabled\n/);
      expect(write('a', '')).toBeUndefined();
      expect(write('a', '-1\n')).toBeUndefined();
      expect(table.list()).toEqual([]);
    });

    it('switches everything off and on, and removes all, through `status`', () => {
      register(':a:E::x::/i:');
      expect(write('status', '0')).toBeUndefined();
      expect(table.enabled()).toBe(false);
      expect(table.read('a')).toMatch(/^enabled\n/);
      expect(refusal(':b:E::x::/i:')).toBeUndefined();
      expect(write('status', '1')).toBeUndefined();
      expect(table.enabled()).toBe(true);
      expect(write('status', '2')).toBe('EINVAL');
      expect(write('status', '-1')).toBeUndefined();
      expect(table.list()).toEqual([]);
    });

    it('lets no entry be removed or renamed as a file, and no file be made', () => {
      register(':a:E::x::/i:');
      expect(
        errnoThrownBy(() => {
          files.remove(`${table.path}/a`);
        }),
      ).toBe('EPERM');
      expect(
        errnoThrownBy(() => {
          files.createExclusive(`${table.path}/b`, new Uint8Array());
        }),
      ).toBe('EACCES');
      expect(table.list()).toEqual(['a']);
    });
  });
}
