import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { multiarch, podman } from '../../src/dialects/index.ts';
import { encodeUtf8 } from '../../src/core/text.ts';
import { withProver } from '../../src/registration/index.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
let table: PrivateTable;
let state: string;

beforeEach(async () => {
  state = temporaryDirectory('state');
  const opened = await openPrivateTable({
    system: {
      environment: { ...process.env, ANYARCH_HOME: state, QEMU_BIN_DIR: qemu },
      hostFiles: 'hidden',
    },
  });
  // Where the tests themselves run in a user namespace, it is not what they are about.
  const uidMap = join(state, 'uid_map');
  writeFileSync(uidMap, '0 0 4294967295\n');
  const files = redirected(opened.host.files, { '/proc/self/uid_map': uidMap });
  table = { ...opened, host: { ...opened.host, files } };
});
afterEach(() => table.close());

/** The emulators are Debian's, which have no suffix. */
const run = (...words: string[]) =>
  multiarch({ host: table.host, words: ['-F', '', ...words], version: '1.2.3' });
const probe = (architecture: string) =>
  withProver(table.host, state, (prover) => prover.execute([architecture]).get(architecture));
const entries = () =>
  new Map(
    table.host.binfmt
      .table()
      .list()
      .map((name) => [name, table.host.binfmt.table().read(name)]),
  );

const refused = { kind: 'refused', errno: 'ENOEXEC' };
const ran = { kind: 'exited', code: 42 };

describeWith([needs.qemu], "multiarch/qemu-user-static's words on the kernel", () => {
  test('--reset -p yes: foreign programs run, with the flags of the predecessor', () => {
    expect(probe('s390x')).toEqual(refused);
    const { exitCode, stdout, stderr } = run('--reset', '-p', 'yes');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout.trimEnd().split('\n')).toHaveLength(31);
    expect(stdout).toContain(`Setting ${qemu}/qemu-aarch64 as binfmt interpreter for aarch64\n`);
    expect(entries().size).toBe(31);
    expect(entries().get('qemu-aarch64')).toBe(
      `enabled\ninterpreter ${qemu}/qemu-aarch64\nflags: F\noffset 0\n` +
        'magic 7f454c460201010000000000000000000200b700\nmask ffffffffffffff00fffffffffffffffffeffffff\n',
    );
    for (const architecture of ['s390x', 'aarch64', 'mipsel', 'riscv32'])
      expect(probe(architecture)).toEqual(ran);
    table.host.binfmt.table().control('qemu-s390x', '-1');
    expect(probe('s390x')).toEqual(refused);
  });

  test.each([
    [['-pyes', '--preserve-argv0=yes'], 'PF'],
    [[], ''],
  ])('%j', (words, flags) => {
    expect(run(...words)).toMatchObject({ exitCode: 0, stderr: '' });
    expect(entries().get('qemu-s390x')).toContain(`\nflags: ${flags}\n`);
    expect(probe('s390x')).toEqual(ran);
  });

  test('without emulators: registered, and of use only where they are', () => {
    expect(multiarch({ host: table.host, words: ['-Q', '/nowhere'], version: '1.2.3' })).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    expect(entries().get('qemu-s390x')).toContain('interpreter /nowhere/qemu-s390x-static\nflags: \n');
    expect(probe('s390x')).toEqual({ kind: 'refused', errno: 'ENOENT' });
    expect(run('-Q', '/nowhere', '-p', 'yes', '--reset')).toMatchObject({ exitCode: 1 });
  });

  test('a second run keeps, another one says that the file exists, --reset replaces', () => {
    run('-p', 'yes');
    const before = [...entries()];
    expect(run('-p', 'yes')).toMatchObject({ exitCode: 0, stderr: '' });
    expect([...entries()]).toEqual(before);
    const { exitCode, stderr } = run();
    expect(exitCode).toBe(1);
    expect(stderr).toContain(
      'anyarch: s390x: File exists: the entry qemu-s390x has the flags "F" instead of ""',
    );
    expect([...entries()]).toEqual(before);
    expect(run('--reset')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(entries().get('qemu-s390x')).toContain('\nflags: \n');
    expect(entries().size).toBe(31);
  });

  test('an entry of others with our name is left as it is', () => {
    const theirs = ':qemu-s390x:M::\\x7fELF\\x02\\x02::/bin/true:OC';
    table.host.binfmt.table().register(encodeUtf8(theirs));
    const before = entries().get('qemu-s390x');
    expect(run('-p', 'yes')).toMatchObject({ exitCode: 3 });
    expect(entries().get('qemu-s390x')).toBe(before);
    expect(entries().has('anyarch-s390x')).toBe(false);
  });

  test('the table where PROC_PREFIX says', () => {
    const prefix = `/proc/${table.pid}/root`;
    const environment = { ...table.host.system.environment, PROC_PREFIX: prefix };
    const notThisOne = (): never => {
      throw new Error('looked at the table without the prefix');
    };
    const binfmt = {
      ...table.host.binfmt,
      state: notThisOne,
      table: notThisOne,
      trigger: notThisOne,
      mount: notThisOne,
    };
    const outcome = multiarch({
      host: { ...table.host, binfmt, system: { ...table.host.system, environment } },
      words: ['-F', '', '-p', 'yes'],
      version: '1.2.3',
    });
    expect(outcome).toMatchObject({ exitCode: 0 });
    expect(probe('s390x')).toEqual(ran);
  });
});

describeWith([needs.qemu, needs.root], "multiarch/qemu-user-static's words, for setuid programs", () => {
  test('-c yes takes an emulator that only root can replace', () => {
    expect(run('-p', 'yes', '--credential', 'yes')).toMatchObject({ exitCode: 0, stderr: '' });
    expect(entries().get('qemu-s390x')).toContain('\nflags: OCF\n');
    expect(probe('s390x')).toEqual(ran);
  });
});

describeWith([needs.qemu], "podman's recipe on the kernel", () => {
  test('systemd-binfmt without configuration: what the image has, proven', () => {
    const root = temporaryDirectory('image');
    const bin = join(root, 'bin');
    mkdirSync(bin);
    for (const target of ['aarch64', 's390x'])
      copyFileSync(join(qemu, `qemu-${target}`), join(bin, `qemu-${target}`));
    const inside = { ...table.host, files: redirected(table.host.files, { '/usr/bin': bin }) };
    const { exitCode, stdout } = podman({
      host: inside,
      words: ['/usr/lib/systemd/systemd-binfmt'],
      version: '1.2.3',
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('registered qemu-s390x');
    expect(probe('s390x')).toEqual(ran);
    expect(entries().get('qemu-s390x')).toContain('\nflags: PF\n');
  });

  test('rules of binfmt.d', () => {
    const conf = temporaryDirectory('binfmt.d');
    const s390x =
      ':qemu-s390x:M::\\x7fELF\\x02\\x02\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x16:' +
      '\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\x00\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xff\\xfe\\xff\\xff';
    writeFileSync(join(conf, 'qemu-s390x.conf'), `${s390x}:${qemu}/qemu-s390x:OPF\n`);
    writeFileSync(join(conf, 'jar.conf'), ':jar:E::jar::/bin/true:\n');
    const empty = temporaryDirectory('empty');
    const files = redirected(table.host.files, { '/usr/lib/binfmt.d': conf, '/usr/bin': empty });
    const run = () => podman({ host: { ...table.host, files }, words: [], version: '1.2.3' });
    expect(run()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(entries().get('qemu-s390x')).toContain('\nflags: POF\n');
    expect(entries().get('jar')).toContain('extension .jar');
    expect(probe('s390x')).toEqual(ran);
    expect(run().stdout).toMatch(/kept jar [^]*kept qemu-s390x/);
    table.host.binfmt.table().control('qemu-s390x', '-1');
    expect(probe('s390x')).toEqual(refused);
  });
});

/** Files as a container has them: some directories are others. */
function redirected(
  files: PrivateTable['host']['files'],
  directories: Readonly<Record<string, string>>,
): PrivateTable['host']['files'] {
  const moved = (path: string): string => {
    const [from, to] =
      Object.entries(directories).find(([one]) => path === one || path.startsWith(`${one}/`)) ?? [];
    return from === undefined ? path : `${to ?? ''}${path.slice(from.length)}`;
  };
  return new Proxy(files, {
    get:
      (target, name: keyof typeof files) =>
      (path: string, ...rest: unknown[]) =>
        (target[name] as (path: string, ...rest: unknown[]) => unknown)(moved(path), ...rest),
  });
}
