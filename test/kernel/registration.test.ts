import { copyFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { requireEmulator } from '../../src/emulators/index.ts';
import { encodeUtf8 } from '../../src/core/text.ts';
import {
  explainFile,
  register,
  status,
  unregister,
  withProver,
  type RegisterOptions,
} from '../../src/registration/index.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
let table: PrivateTable;
let state: string;

beforeEach(async () => {
  table = await openPrivateTable();
  state = temporaryDirectory('state');
});
afterEach(() => table.close());

const registerHere = (options: Partial<RegisterOptions> & Pick<RegisterOptions, 'architectures'>) =>
  register(table.host, {
    state,
    choose: (target) => requireEmulator(table.host, target, { qemu }),
    ...options,
  });

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

describeWith([needs.qemu], 'registering on the kernel', () => {
  test('runs foreign programs, and no more after unregistering', () => {
    expect(probe('s390x')).toEqual(refused);
    const report = registerHere({ architectures: ['arm64', 's390x', 'mips'] });
    expect(report).toMatchObject({
      outcome: 'ok',
      results: [{ proven: true }, { proven: true }, { proven: true }],
    });
    expect(probe('s390x')).toEqual(ran);
    expect(unregister(table.host, { architectures: ['s390x'], state })).toMatchObject({
      outcome: 'ok',
      results: [{ action: 'remove', proven: true, inForce: undefined }],
    });
    expect(probe('s390x')).toEqual(refused);
    expect(probe('aarch64')).toEqual(ran);
    expect(unregister(table.host, { architectures: 'all', state }).results).toHaveLength(2);
    expect(entries().size).toBe(0);
    expect(probe('aarch64')).toEqual(refused);
  });

  test('registers every architecture that there is an emulator for, and nothing native', () => {
    const report = registerHere({ architectures: 'all' });
    expect(report.outcome).toBe('ok');
    const added = report.results.filter(({ action }) => action === 'add');
    expect(added.length).toBeGreaterThanOrEqual(30);
    expect(added.filter(({ proven }) => proven !== true)).toEqual([]);
    expect(entries().has('qemu-x86_64')).toBe(false);
    expect(
      registerHere({ architectures: 'all' }).results.filter(({ action }) => action === 'keep'),
    ).toHaveLength(added.length);
    expect(
      unregister(table.host, { architectures: 'all', state }).results.every(({ proven }) => proven),
    ).toBe(true);
    expect(entries().size).toBe(0);
  });

  test('leaves the entries of others byte for byte', () => {
    const theirs = [
      ':jar:M::PK\\x03\\x04::/bin/true:',
      ':python:E::pyx::/bin/true:P',
      ':qemu-riscv64:M::\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xf3\\x00::/opt/other:OC',
    ];
    for (const rule of theirs) table.host.binfmt.table().register(encodeUtf8(rule));
    const before = entries();
    registerHere({ architectures: ['arm64', 'riscv64'] });
    registerHere({ architectures: ['riscv64'], reset: true });
    expect(entries().get('anyarch-riscv64')).toContain(`${qemu}/qemu-riscv64`);
    expect(probe('riscv64')).toEqual(ran);
    const report = unregister(table.host, { architectures: 'all', state });
    expect(report.results).toMatchObject([{ inForce: 'qemu-riscv64' }]);
    expect([...entries()]).toEqual([...before]);
  });

  test('replaces a pinned emulator whose file is another one now', () => {
    const path = join(temporaryDirectory('emulator'), 'qemu-aarch64');
    const install = () => {
      copyFileSync(join(qemu, 'qemu-aarch64'), `${path}.new`);
      renameSync(`${path}.new`, path);
    };
    install();
    const choose = () => requireEmulator(table.host, 'aarch64', { qemu: path });
    expect(registerHere({ architectures: ['arm64'], choose }).results).toMatchObject([{ action: 'add' }]);
    expect(registerHere({ architectures: ['arm64'], choose }).results).toMatchObject([{ action: 'keep' }]);
    install();
    expect(status(table.host, { state }).entries).toMatchObject([
      { emulator: { state: 'replaced', isCertain: true } },
    ]);
    expect(registerHere({ architectures: ['arm64'], choose }).results).toMatchObject([
      { action: 'replace', proven: true },
    ]);
    expect([...entries().keys()]).toEqual(['qemu-aarch64']);
    expect(status(table.host, { state }).entries).toMatchObject([{ emulator: { state: 'same' } }]);
  });

  test('finds what is native although an entry takes it', () => {
    const forced = registerHere({ architectures: ['i386'], force: true });
    expect(forced.results).toMatchObject([{ action: 'add', proven: true }]);
    expect(status(table.host, { state }).native).toEqual(['i386', 'x86_64']);
    unregister(table.host, { architectures: ['i386'], state });
    expect(registerHere({ architectures: ['i386'] }).results).toMatchObject([
      { error: { code: 'ANYARCH_NATIVE_ARCHITECTURE' } },
    ]);
  });

  test('registers nothing where uname is the word of an emulator', () => {
    const ofImage = { ...table.host, system: { ...table.host.system, machine: 'aarch64' } };
    const attempt = () =>
      register(ofImage, {
        architectures: ['amd64', 's390x'],
        state,
        choose: (target) => requireEmulator(table.host, target, { qemu }),
      });
    expect(attempt).toThrowWithCode('ANYARCH_HOST_UNSUPPORTED');
    expect(attempt).toThrow('this machine runs linux/amd64, linux/386');
    registerHere({ architectures: ['arm64'] });
    expect(attempt).toThrowWithCode('ANYARCH_HOST_UNSUPPORTED');
    expect([...entries().keys()]).toEqual(['qemu-aarch64']);
    expect(status(ofImage, { state }).native).toEqual(['i386', 'x86_64']);
  });

  test('status proves, and explain agrees with the kernel', () => {
    registerHere({ architectures: ['arm64'] });
    const report = status(table.host, { state, probe: true });
    expect(report.table).toMatchObject({ state: 'mounted', enabled: true, perNamespace: true });
    expect(report.entries).toMatchObject([
      {
        name: 'qemu-aarch64',
        architecture: 'aarch64',
        enabled: true,
        owner: { kind: 'anyarch' },
        proof: { status: 'proven' },
        emulator: {
          version: expect.stringMatching(/^\d+\.\d+\.\d+$/) as string,
          sha256: table.host.files.sha256(`${qemu}/qemu-aarch64`),
          state: 'same',
        },
      },
    ]);
    expect(explainFile(table.host, '/bin/true', { state }).verdict).toMatchObject({ outcome: 'native' });
    table.host.binfmt.table().control('qemu-aarch64', '0');
    expect(status(table.host, { state, probe: true }).entries).toMatchObject([
      { enabled: false, proof: undefined },
    ]);
    expect(probe('aarch64')).toEqual(refused);
  });

  test('the global switch: refused, never written', () => {
    table.host.files.writeOnce(`${table.host.binfmt.path}/status`, encodeUtf8('0'));
    expect(() => registerHere({ architectures: ['arm64'] })).toThrowWithCode('ANYARCH_BINFMT_DISABLED');
    expect(table.host.binfmt.table().enabled()).toBe(false);
    expect(entries().size).toBe(0);
    table.host.files.writeOnce(`${table.host.binfmt.path}/status`, encodeUtf8('1'));
    expect(registerHere({ architectures: ['arm64'] }).outcome).toBe('ok');
  });
});
