import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { qus } from '../../src/dialects/index.ts';
import { withProver } from '../../src/registration/index.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const qemu = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
let table: PrivateTable;
let state: string;
let emulators: string;

beforeEach(async () => {
  state = temporaryDirectory('state');
  emulators = temporaryDirectory('emulators');
  const environment = { ...process.env, ANYARCH_HOME: state, QEMU_BIN_DIR: emulators };
  table = await openPrivateTable({ system: { environment, hostFiles: 'hidden' } });
});
afterEach(() => table.close());

const addEmulators = (targets: readonly string[]) => {
  for (const target of targets)
    copyFileSync(join(qemu, `qemu-${target}`), join(emulators, `qemu-${target}-static`));
};
const run = (line: string) => qus({ host: table.host, words: line.split(' '), version: '1.2.3' });
const probe = (architecture: string) =>
  withProver(table.host, state, (prover) => prover.execute([architecture]).get(architecture));
const flagsOf = (name: string) => /^flags: (.*)$/m.exec(table.host.binfmt.table().read(name))?.[1];

const refused = { kind: 'refused', errno: 'ENOEXEC' };
const ran = { kind: 'exited', code: 42 };

describeWith([needs.qemu], "dbhi/qus' command line on the kernel", () => {
  test('registers one target, lists it, clears it: then it runs no more', () => {
    addEmulators(['aarch64']);
    expect(probe('aarch64')).toEqual(refused);
    expect(run('-s -- -p aarch64')).toEqual({
      exitCode: 0,
      stdout: `Setting ${emulators}/qemu-aarch64-static as binfmt interpreter for aarch64\n`,
      stderr: '',
    });
    expect([probe('aarch64'), flagsOf('qemu-aarch64')]).toEqual([ran, 'F']);
    const names = run('-l -- -t')
      .stdout.trim()
      .split('\n')
      .map((line) => line.split(' ').at(-1));
    expect(names).toEqual(['0', '.', '..', 'qemu-aarch64', 'register', 'status']);
    expect(run('-- -r aarch64').exitCode).toBe(0);
    expect(probe('aarch64')).toEqual(refused);
  });

  test('all that there are emulators for, and their end', () => {
    const targets = ['arm', 'riscv64', 's390x'];
    addEmulators(targets);
    expect(run('-s -- -p -c').exitCode).toBe(0);
    expect(table.host.binfmt.table().list().sort()).toEqual(targets.map((name) => `qemu-${name}`));
    expect(targets.map(probe)).toEqual(targets.map(() => ran));
    expect(flagsOf('qemu-arm')).toBe('OCF');
    expect(run('-- -r')).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(targets.map(probe)).toEqual(targets.map(() => refused));
  });

  test('without flag F: whoever has the interpreter runs programs', () => {
    expect(run('-s -- s390x').exitCode).toBe(0);
    expect(flagsOf('qemu-s390x')).toBe('');
    expect(probe('s390x')).toEqual({ kind: 'refused', errno: 'ENOENT' });
    addEmulators(['s390x']);
    expect(probe('s390x')).toEqual(ran);
    expect(run('-- -r s390x').exitCode).toBe(0);
    expect(probe('s390x')).toEqual(refused);
  });
});
