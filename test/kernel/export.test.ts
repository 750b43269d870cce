import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { architectures } from '../../src/core/architecture.ts';
import { parseEntry } from '../../src/core/entry.ts';
import { formatFlags } from '../../src/core/flags.ts';
import { toHex } from '../../src/core/hex.ts';
import { isMarked, marked, planExport, planFiles, writeFiles } from '../../src/export/index.ts';
import type { ExportForm, ExportWish } from '../../src/export/index.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import { withProver } from '../../src/registration/index.ts';
import debian from '../data/debian-binfmt-11.1.json' with { type: 'json' };
import { describeWith, needs } from '../support/engines/requirements.ts';
import { rulesOfBookworm, rulesOfQemuUser } from '../support/fixtures/debian-rules.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
const systemdBinfmt = '/usr/lib/systemd/systemd-binfmt';
const updateBinfmts = '/usr/sbin/update-binfmts';

let table: PrivateTable;
let directory: string;

beforeEach(async () => {
  table = await openPrivateTable();
  directory = temporaryDirectory('export');
});
afterEach(() => table.close());

/** Writes files for all architectures: those for two machines have each other's. */
function exportAll(form: ExportForm, changes: Partial<ExportWish> = {}): void {
  for (const hostArchitecture of ['x86_64', 's390x']) {
    const { files } = planExport(nodeHost(), {
      form,
      architectures: 'all',
      hostArchitecture,
      ownFamily: false,
      qemu: undefined,
      interpreters: { directory: qemu, suffix: '' },
      credentials: false,
      fixBinary: true,
      openBinary: false,
      preserveArgv0: 'auto',
      force: false,
      ...changes,
    });
    const wanted = files.map(({ fileName, body }) => ({ fileName, text: marked(body) }));
    const actions = planFiles(nodeHost().files, directory, wanted, { isOurs: isMarked, force: false });
    writeFiles(nodeHost(), directory, actions);
  }
}

/** Runs a program of the host in the namespaces of the private table. */
function inside(command: readonly string[]): { status: number | null; output: string } {
  const enter = ['--target', `${table.pid}`, '--user', '--mount', '--preserve-credentials', '--'];
  const { status, stdout, stderr } = spawnSync('nsenter', [...enter, ...command], { encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

/** Own programs cannot be started there any more once their rule is registered: it comes last. */
function fileNames(): string[] {
  return readdirSync(directory).toSorted(
    (a, b) => Number(a.includes('x86_64')) - Number(b.includes('x86_64')),
  );
}

const listed = () => {
  const kernel = table.host.binfmt.table();
  return kernel.list().map((name) => parseEntry(name, kernel.read(name)));
};

const inKernel = () =>
  listed()
    .map((entry) => {
      if (entry.kind !== 'magic') throw new Error(`${entry.name} is no magic rule`);
      const { name, offset, magic, mask = new Uint8Array(), interpreter, flags, enabled } = entry;
      return {
        name,
        offset,
        magic: toHex(magic),
        mask: toHex(mask),
        interpreter,
        flags: formatFlags(flags),
        enabled,
      };
    })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));

/** Debian's rules, with the emulators of the fixture. */
const debians = (flags: string) =>
  debian.rules.map(({ name, offset, magic, mask }) => ({
    name,
    offset,
    magic,
    mask,
    interpreter: `${qemu}/${name}`,
    flags,
    enabled: true,
  }));

const probe = (architecture: string) =>
  withProver(table.host, temporaryDirectory('state'), (prover) =>
    prover.execute([architecture]).get(architecture),
  );
const refused = { kind: 'refused', errno: 'ENOEXEC' };
const ran = { kind: 'exited', code: 42 };

describeWith([needs.qemu, needs.systemdBinfmt], 'files for systemd-binfmt', () => {
  test('make the entries that Debian ships, with --open-binary to the last flag', () => {
    exportAll('systemd', { openBinary: true });
    for (const name of fileNames())
      expect(inside([systemdBinfmt, join(directory, name)])).toEqual({ status: 0, output: '' });
    expect(inKernel()).toEqual(debians('POF'));
  });

  test('without it all but flag O', () => {
    exportAll('systemd');
    for (const name of fileNames()) expect(inside([systemdBinfmt, join(directory, name)]).status).toBe(0);
    expect(inKernel()).toEqual(debians('PF'));
    expect(architectures).toHaveLength(debian.rules.length);
  });

  test('run foreign programs, which did not run before', () => {
    exportAll('systemd');
    expect([probe('aarch64'), probe('s390x')]).toEqual([refused, refused]);
    inside([systemdBinfmt, join(directory, 'qemu-aarch64.conf')]);
    expect([probe('aarch64'), probe('s390x')]).toEqual([ran, refused]);
  });

  test('can be put into one', () => {
    exportAll('systemd');
    const names = fileNames().filter((name) => !name.includes('x86_64'));
    const path = join(directory, 'anyarch.conf');
    writeFileSync(path, names.map((name) => readFileSync(join(directory, name), 'utf8')).join(''));
    expect(inside([systemdBinfmt, path])).toEqual({ status: 0, output: '' });
    expect(inKernel()).toEqual(debians('PF').filter(({ name }) => name !== 'qemu-x86_64'));
  });

  test.each([
    ['a mask that is too short', (text: string) => text.replace(String.raw`\xff\xff:`, String.raw`\xff:`)],
    ['a flag that does not exist', (text: string) => text.replace(/:FP\n$/, ':FPX\n')],
    ['an emulator that is missing', (text: string) => text.replace('/qemu-arm:', '/qemu-none:')],
  ])('what is damaged is refused: %s', (_what, damage) => {
    exportAll('systemd');
    const path = join(directory, 'qemu-arm.conf');
    const text = readFileSync(path, 'utf8');
    expect(damage(text)).not.toBe(text);
    writeFileSync(path, damage(text));
    const { status, output } = inside([systemdBinfmt, path]);
    expect(status).not.toBe(0);
    expect(output).toContain('qemu-arm.conf');
    expect(listed()).toEqual([]);
    expect(probe('arm')).toEqual(refused);
    expect(isMarked(damage(text))).toBe(false);
  });
});

describeWith([needs.qemu, needs.updateBinfmts], 'files for update-binfmts', () => {
  let database: string;
  beforeEach(() => {
    database = temporaryDirectory('binfmts');
    mkdirSync(join(database, 'admin'));
  });
  const update = (...words: string[]) =>
    inside([updateBinfmts, '--admindir', join(database, 'admin'), ...words]);

  test('make the entries that Debian ships, but for flag O, which cannot be said there', () => {
    exportAll('debian');
    for (const name of fileNames()) {
      expect(update('--import', join(directory, name))).toEqual({ status: 0, output: '' });
    }
    expect(inKernel()).toEqual(debians('PF'));
  });

  test('are displayed as they were meant', () => {
    exportAll('debian', { credentials: true, preserveArgv0: false, architectures: ['arm64'] });
    expect(update('--import', join(directory, 'qemu-aarch64')).status).toBe(0);
    const { output } = update('--display', 'qemu-aarch64');
    const field = (name: string) => new RegExp(`^ *${name} = (.*)$`, 'm').exec(output)?.[1];
    expect(output).toMatch(/^qemu-aarch64 \(enabled\):/);
    expect(['package', 'type', 'offset', 'interpreter'].map(field)).toEqual([
      'qemu-aarch64',
      'magic',
      '0',
      `${qemu}/qemu-aarch64`,
    ]);
    expect(inKernel()).toMatchObject([{ name: 'qemu-aarch64', flags: 'OCF' }]);
  });

  test('run foreign programs, until they are taken out', () => {
    exportAll('debian', { architectures: ['riscv64'] });
    expect(probe('riscv64')).toEqual(refused);
    update('--importdir', directory, '--import');
    expect(probe('riscv64')).toEqual(ran);
    update('--importdir', directory, '--unimport', 'qemu-riscv64');
    expect(probe('riscv64')).toEqual(refused);
  });

  test('what is damaged makes no entry', () => {
    exportAll('debian', { architectures: ['arm'] });
    const path = join(directory, 'qemu-arm');
    writeFileSync(path, readFileSync(path, 'utf8').replace('\nmask \\xff', '\nmask '));
    expect(update('--import', path).output).toContain('update-binfmts: warning: ');
    expect(listed()).toEqual([]);
  });
});

describe('what is recorded of Debian', () => {
  describeWith([needs.apt], 'is what its packages have', () => {
    test('11.1', async () => {
      const recorded = debian.rules.map(({ name, offset, magic, mask, interpreter }) => ({
        name,
        offset,
        magic,
        mask,
        interpreter,
        flags: 'POF',
      }));
      expect(await rulesOfQemuUser('11.1')).toEqual(recorded);
    });

    test('10.0 and 7.2', async () => {
      const source =
        "Debian's packages: trixie's qemu-user (usr/share/qemu/binfmt.d), bookworm's qemu-user-static (usr/share/binfmts; x86 from arm64's qemu-user-binfmt)";
      const rules = { source, '10.0': await rulesOfQemuUser('10.0'), '7.2': await rulesOfBookworm() };
      await expect(`${JSON.stringify(rules, null, 2)}\n`).toMatchFileSnapshot(
        '../data/debian-binfmt-older.json',
      );
      // The first time half a gigabyte each is fetched and unpacked.
    }, 300_000);
  });
});
