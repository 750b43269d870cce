import { beforeEach, describe, expect, test } from 'vitest';
import { parseRule } from '../core/rule.ts';
import { decodeUtf8 } from '../core/text.ts';
import { addEmulator } from '../dialects/testing/image-host.ts';
import { fakeHost, type FakeHost } from '../host/testing/index.ts';
import { classicExport, isClassic } from './classic.ts';
import { isMarked, marked } from './mark.ts';
import { planExport } from './plan-export.ts';
import { planFiles, type FileAction } from './plan-files.ts';
import type { ExportPlan, ExportWish } from './wish.ts';
import { writeFiles } from './write-files.ts';

const all: ExportWish = {
  form: 'systemd',
  architectures: 'all',
  hostArchitecture: undefined,
  ownFamily: false,
  qemu: undefined,
  interpreters: { directory: '/usr/bin', suffix: '' },
  credentials: false,
  fixBinary: true,
  openBinary: false,
  preserveArgv0: 'auto',
  force: false,
};

let host: FakeHost;
beforeEach(() => {
  host = fakeHost();
});

const plan = (changes: Partial<ExportWish> = {}): ExportPlan => planExport(host, { ...all, ...changes });
const names = ({ files }: ExportPlan): string[] => files.map(({ architecture }) => architecture);
const ruleOf = ({ files }: ExportPlan, name: string) =>
  parseRule(files.find(({ architecture }) => architecture === name)?.body ?? '');

describe('which architectures', () => {
  test("all but the machine's own family", () => {
    const planned = plan();
    expect(names(planned)).toHaveLength(31);
    expect(planned.leftOut).toEqual([
      { architecture: 'i386', why: 'own-family' },
      { architecture: 'x86_64', why: 'own-family' },
    ]);
  });

  test('the own family on demand, but never what the machine runs itself', () => {
    expect(plan({ ownFamily: true }).leftOut).toEqual([{ architecture: 'x86_64', why: 'own-family' }]);
    expect(() => plan({ architectures: ['i386'] })).toThrowWithCode('ANYARCH_NATIVE_ARCHITECTURE');
    expect(names(plan({ architectures: ['i386'], ownFamily: true }))).toEqual(['i386']);
    expect(() => plan({ architectures: ['amd64'], ownFamily: true })).toThrowWithCode(
      'ANYARCH_NATIVE_ARCHITECTURE',
    );
  });

  test('for another machine', () => {
    const planned = plan({ hostArchitecture: 'arm64' });
    expect(names(planned)).toContain('x86_64');
    expect(planned.leftOut.map(({ architecture }) => architecture)).toEqual(['aarch64', 'arm']);
    expect(() => plan({ hostArchitecture: 'arm64', interpreters: undefined })).toThrowWithCode(
      'ANYARCH_USAGE',
    );
  });

  test('by any name, once, in the order of names', () => {
    expect(names(plan({ architectures: ['riscv64', 'linux/arm64', 'aarch64'] }))).toEqual([
      'aarch64',
      'riscv64',
    ]);
    expect(() => plan({ architectures: ['vax'] })).toThrowWithCode('ANYARCH_UNKNOWN_ARCHITECTURE');
  });

  test('a machine that nobody knows has no family', () => {
    host = fakeHost({ system: { machine: 'vax' } });
    expect(() => plan()).toThrowWithCode('ANYARCH_HOST_UNSUPPORTED');
  });
});

describe('interpreters', () => {
  test('are the emulators that register would take', () => {
    for (const target of ['aarch64', 's390x']) addEmulator(host, target, '/usr/bin');
    const planned = plan({ interpreters: undefined });
    expect(planned.files.map(({ interpreter }) => interpreter)).toEqual([
      '/usr/bin/qemu-aarch64-static',
      '/usr/bin/qemu-s390x-static',
    ]);
    expect(planned.leftOut.filter(({ why }) => why === 'no-emulator')).toHaveLength(29);
    expect(planned.warnings).toEqual([]);
    expect(() => plan({ interpreters: undefined, architectures: ['s390x', 'riscv64'] })).toThrowWithCode(
      'ANYARCH_EMULATOR_NOT_FOUND',
    );
  });

  test('without any emulator there is nothing to write', () => {
    expect(() => plan({ interpreters: undefined })).toThrowWithCode('ANYARCH_EMULATOR_NOT_FOUND');
  });

  test('may be missing yet, which flag F does not forgive', () => {
    const planned = plan({ architectures: ['s390x'] });
    expect(ruleOf(planned, 's390x').interpreter).toBe('/usr/bin/qemu-s390x');
    expect(planned.warnings).toEqual([
      'there is no program /usr/bin/qemu-s390x yet, and flag F needs it at registration',
    ]);
    expect(plan({ architectures: ['s390x'], fixBinary: false }).warnings).toEqual([]);
  });

  test('that others can replace are named, and refused with flag C', () => {
    addEmulator(host, 's390x', '/usr/bin');
    host.files.addDirectory('/usr/bin', { uid: 1000 });
    const wish = { architectures: ['s390x'], interpreters: undefined };
    expect(plan(wish).warnings[0]).toContain('others than root can replace /usr/bin/qemu-s390x-static');
    expect(() => plan({ ...wish, credentials: true })).toThrowWithCode('ANYARCH_EMULATOR_UNTRUSTED');
    expect(plan({ ...wish, credentials: true, force: true }).warnings).toHaveLength(1);
  });

  test('of old versions get no flag P unless it is asked for', () => {
    host.addProgram('/usr/bin/qemu-s390x');
    host.processes.on(['/usr/bin/qemu-s390x'], { stdout: 'qemu-s390x version 5.2.0\n' });
    const flagP = (preserveArgv0: ExportWish['preserveArgv0']) =>
      ruleOf(plan({ architectures: ['s390x'], preserveArgv0 }), 's390x').flags.preserveArgv0;
    expect([flagP('auto'), flagP(true), flagP(false)]).toEqual([false, true, false]);
  });
});

test.each([
  [{}, 'FP'],
  [{ fixBinary: false }, 'P'],
  [{ credentials: true }, 'OCFP'],
  [{ openBinary: true }, 'OFP'],
  [{ preserveArgv0: false }, 'F'],
] as const)('flags of %j', (changes, flags) => {
  const [file] = plan({ architectures: ['s390x'], ...changes }).files;
  expect(file?.body.trimEnd().split(':').at(-1)).toBe(flags);
});

test('a file for update-binfmts', () => {
  const [file] = plan({ form: 'debian', architectures: ['s390x'] }).files;
  expect(file).toMatchObject({ fileName: 'qemu-s390x', interpreter: '/usr/bin/qemu-s390x' });
  expect(file?.body).toMatch(
    /^package qemu-s390x\ninterpreter \/usr\/bin\/qemu-s390x\nmagic \S+\nmask \S+\ncredentials no\npreserve yes\nfix_binary yes\n$/,
  );
  expect(() => plan({ form: 'debian', openBinary: true })).toThrowWithCode('ANYARCH_USAGE');
});

describe('the mark', () => {
  test('holds as long as nobody changes what is below', () => {
    const text = marked(':a:M::b::/c:\n');
    expect(isMarked(text)).toBe(true);
    expect(isMarked(text.replace('/c', '/d'))).toBe(false);
    expect(isMarked(`${text}#\n`)).toBe(false);
    expect(isMarked(':a:M::b::/c:\n')).toBe(false);
    expect(isMarked('')).toBe(false);
  });
});

describe('writing', () => {
  const wanted = (text = 'new\n') => ['a', 'b', 'c'].map((fileName) => ({ fileName, text: marked(text) }));
  const planned = (force = false, text?: string): readonly FileAction[] =>
    planFiles(host.files, '/out', wanted(text), { isOurs: isMarked, force });
  const write = (actions = planned()): void => {
    writeFiles(host, '/out', actions);
  };
  const tree = (): Record<string, string> =>
    Object.fromEntries(
      host.files.list('/out').map((name) => {
        const path = `/out/${name}`;
        const isLink = host.files.linkStatus(path)?.kind === 'link';
        return [name, isLink ? `-> ${host.files.readLink(path)}` : decodeUtf8(host.files.read(path))];
      }),
    );
  const [a, b, c] = wanted().map(({ text }) => text);

  test('makes the directory, and keeps what is right', () => {
    write();
    expect(tree()).toEqual({ a, b, c });
    expect(host.files.status('/out/a')?.mode).toBe(0o644);
    const before = host.files.status('/out/a')?.inode;
    expect(planned().map(({ kind }) => kind)).toEqual(['keep', 'keep', 'keep']);
    write();
    expect(host.files.status('/out/a')?.inode).toBe(before);
  });

  test('replaces what it wrote itself, and nothing else without force', () => {
    write();
    write(planned(false, 'newer\n'));
    expect(decodeUtf8(host.files.read('/out/a'))).toBe(marked('newer\n'));
    host.files.addFile('/out/b', 'theirs');
    host.files.addLink('/out/c', '/dev/null');
    expect(planned).toThrowWithCode('ANYARCH_OUTPUT_EXISTS');
    expect(planned).toThrow('/out/b is, and 1 more are there already');
    write(planned(true));
    expect(tree()).toEqual({ a, b, c });
  });

  test('a directory is never replaced', () => {
    host.files.addDirectory('/out/b');
    expect(() => planned(true)).toThrowWithCode('ANYARCH_OUTPUT_EXISTS');
    host.files.addFile('/file', '');
    expect(() => planFiles(host.files, '/file', [], { isOurs: isMarked, force: true })).toThrowWithCode(
      'ANYARCH_FILE',
    );
  });

  test('writes nothing when there is no room for all', () => {
    host.files.fail({ errno: 'ENOSPC', method: 'writeAtomic', path: /\/2$/ });
    expect(() => {
      write();
    }).toThrowWithCode('ANYARCH_DISK_FULL');
    expect(host.files.status('/out')).toBeUndefined();
    host.files.addFile('/out/a', 'theirs');
    expect(() => {
      write(planned(true));
    }).toThrowWithCode('ANYARCH_DISK_FULL');
    expect(tree()).toEqual({ a: 'theirs' });
  });

  test('takes everything back when a file cannot get its name', () => {
    host.files.addFile('/out/a', 'theirs', { mode: 0o600 });
    host.files.addLink('/out/b', '/dev/null');
    host.files.fail({ errno: 'ENOSPC', method: 'rename', path: /\/2$/ });
    expect(() => {
      write(planned(true));
    }).toThrowWithCode('ANYARCH_DISK_FULL');
    expect(tree()).toEqual({ a: 'theirs', b: '-> /dev/null' });
    expect(host.files.status('/out/a')?.mode).toBe(0o600);
  });

  test.each([
    ['EROFS', 'ANYARCH_READ_ONLY_SYSTEM'],
    ['EACCES', 'ANYARCH_PERMISSION'],
    ['EIO', 'ANYARCH_FILE'],
  ] as const)('%s is %s', (errno, code) => {
    host.files.fail({ errno, method: 'makeDirectory' });
    expect(() => {
      write();
    }).toThrowWithCode(code);
  });

  test('removes what killed exports left, and not what others work on', () => {
    host.files.addFile('/out/.anyarch-export-1-2-3/0', '');
    write();
    expect(tree()).toEqual({ a, b, c });
  });
});

describe("QEMU's script", () => {
  test('has defaults of its own', () => {
    const { directory, files, stdout } = classicExport(host, ['--systemd', 'aarch64']);
    expect(directory).toBe('/etc/binfmt.d');
    expect(files[0]?.text).toMatch(/:\/usr\/local\/bin\/qemu-aarch64:\n$/);
    expect(stdout).toBe(
      'Setting /usr/local/bin/qemu-aarch64 as binfmt interpreter for aarch64 for systemd-binfmt.service\n',
    );
    expect(classicExport(host, ['--debian']).directory).toBe('/usr/share/binfmts');
    expect(() => classicExport(host, ['-p', 'yes'])).toThrowWithCode('ANYARCH_USAGE');
  });

  test.each([
    ['systemd', ['-s', 'ALL', '-c', 'yes', '-p', 'yes', '-g', 'yes']],
    ['systemd', ['-s', 'ALL', '-Q', '/opt/a:b', '-F', '-x']],
    ['debian', ['-d', '-Q', '/opt/a b']],
    ['debian', ['-d', '-c', 'yes', '-p', 'yes', '-g', 'yes']],
  ] as const)('its files are known again: %s %j', (form, words) => {
    for (const { fileName, text } of classicExport(host, words).files) {
      expect(isClassic(form, text, fileName)).toBe(true);
      expect(isClassic(form, `${text}\n`, fileName)).toBe(false);
      expect(isClassic(form, text.replace('x02', 'x03'), fileName)).toBe(false);
      expect(isClassic(form, text, 'other')).toBe(false);
    }
  });

  test('what is no rule is none of its files', () => {
    expect(isClassic('systemd', 'what', 'qemu-arm.conf')).toBe(false);
    expect(isClassic('debian', '', 'qemu-arm')).toBe(false);
  });
});
