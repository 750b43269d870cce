import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { buildProbe } from '../../src/core/probe/probe.ts';
import type { RegistrationReport, StatusReport } from '../../src/registration/index.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { unpackPackage, type Suite } from '../support/fixtures/apt.ts';
import { cached } from '../support/fixtures/cache.ts';
import { qemuDirectory } from '../support/fixtures/qemu.ts';
import { nativeProgram } from '../support/native-program.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';
import { bundleChild } from '../support/registration/bundle.ts';
import { openOthersRoot, type OthersRoot } from '../support/registration/others-root.ts';

const emulators = process.env['ANYARCH_TEST_QEMU_DIR'] ?? '';
const systemdBinfmt = ['/usr/lib/systemd/systemd-binfmt'];
const updateBinfmts = '/usr/sbin/update-binfmts';

/** Small ones; their interpreters are stood in for by programs that exit with a code of their own. */
const smallPackages: Readonly<Record<string, readonly string[]>> = {
  bookworm: ['jarwrapper', 'wine-binfmt', 'python3.11-minimal', 'llvm-14-runtime'],
  trixie: ['qemu-user-binfmt', 'jarwrapper', 'wine-binfmt'],
};

const interpreters = [
  { path: '/usr/bin/jarwrapper', exitCode: 51, magic: 'PK\x03\x04' },
  { path: '/usr/bin/wine', exitCode: 52, magic: 'MZ' },
  { path: '/usr/bin/python3.11', exitCode: 53, magic: '\xa7\x0d\x0d\x0a' },
  { path: '/usr/bin/lli-14', exitCode: 54, magic: 'BC' },
];

interface Setting {
  readonly name: string;
  readonly suite: Suite;
  readonly qemu: '7.2' | '10.0';
  /** What registers at boot, and when a package is installed. */
  readonly registrar: readonly string[];
  /** What registers qemu-aarch64 again though something else has its name. */
  readonly again: readonly (readonly string[])[];
  readonly owner: string;
  readonly evidence: string;
}

const settings: readonly Setting[] = [
  {
    name: 'bookworm’s qemu-user-static with binfmt-support',
    suite: 'bookworm',
    qemu: '7.2',
    registrar: [updateBinfmts, '--import'],
    // It does nothing where an entry with the name is there, whoever's it is.
    again: [
      [updateBinfmts, '--disable', 'qemu-aarch64'],
      [updateBinfmts, '--enable', 'qemu-aarch64'],
    ],
    owner: 'binfmt-support',
    evidence: '/var/lib/binfmts/qemu-aarch64',
  },
  {
    name: 'bookworm’s qemu-user-static with systemd-binfmt',
    suite: 'bookworm',
    qemu: '7.2',
    registrar: systemdBinfmt,
    again: [systemdBinfmt],
    owner: 'systemd-binfmt',
    evidence: '/usr/lib/binfmt.d/qemu-aarch64.conf',
  },
  {
    name: 'trixie’s qemu-user-binfmt with systemd-binfmt',
    suite: 'trixie',
    qemu: '10.0',
    registrar: systemdBinfmt,
    again: [systemdBinfmt],
    owner: 'systemd-binfmt',
    evidence: '/usr/lib/binfmt.d/qemu-aarch64.conf',
  },
];

let child: string;
let table: PrivateTable;
let root: OthersRoot;

beforeAll(async () => {
  child = await bundleChild();
});

/** The newest first. */
const entries = (): [string, string][] => {
  const kernel = table.host.binfmt.table();
  return kernel.list().map((name) => [name, kernel.read(name)]);
};

function runAll(commands: readonly (readonly string[])[]): void {
  for (const command of commands) {
    const { status, output } = root.run(command);
    if (status !== 0) throw new Error(`${command.join(' ')}: ${output}`);
  }
}

const register = (order: object) => root.anyarch({ command: 'register', ...order }) as RegistrationReport;
const release = (...names: string[]) => root.anyarch({ command: 'release', names }) as RegistrationReport;
const unregisterAll = () =>
  root.anyarch({ command: 'unregister', architectures: 'all' }) as RegistrationReport;

describeWith(
  [needs.apt, needs.qemu, needs.systemdBinfmt, needs.updateBinfmts],
  'packages that register by themselves',
  () => {
    describe.each(settings)('$name', ({ suite, qemu, registrar, again, owner, evidence }) => {
      let before: [string, string][];

      beforeEach(async () => {
        const packages = await Promise.all(
          (smallPackages[suite] ?? []).map((name) =>
            cached(`others/${suite}/${name}`, (target) => unpackPackage(suite, 'amd64', name, target)),
          ),
        );
        const qemuPackage = join(await qemuDirectory(qemu), '../..');
        table = await openPrivateTable();
        root = openOthersRoot(table, child, emulators);
        for (const { path, exitCode, magic } of interpreters) {
          root.addProgram(path, nativeProgram(exitCode));
          root.addProgram(`/samples/${exitCode}`, Buffer.from(`${magic}sample`, 'latin1'));
        }
        // It asks its detector whether it is to take a file.
        root.addProgram('/usr/bin/jardetector', nativeProgram(0));
        root.addProgram('/samples/probe', buildProbe('aarch64', 42));
        for (const unpacked of [...packages, qemuPackage]) root.addPackage(unpacked);
        runAll([registrar]);
        before = entries();
        // The first time the packages are fetched and unpacked.
      }, 300_000);
      afterEach(() => table.close());

      /** What execve leads to; undefined where nobody takes it, or its interpreter is not there. */
      function expectTheirsRun(): void {
        for (const { path, exitCode } of interpreters) {
          const isRegistered = before.some(([, text]) => text.includes(`\ninterpreter ${path}\n`));
          if (isRegistered) expect(root.run([`/samples/${exitCode}`]).status).toBe(exitCode);
        }
        expect(root.run(['/samples/probe']).status).toBe(42);
      }

      test('shown with their owner', () => {
        const { entries: shown } = root.anyarch({ command: 'status' }) as StatusReport;
        expect(shown.map(({ name, text }) => [name, text])).toEqual(before);
        expect(shown.find(({ name }) => name === 'qemu-aarch64')?.owner).toEqual({ kind: owner, evidence });
        // What both of Debian's registrars are told alike may be either's.
        const registrars = ['systemd-binfmt', 'binfmt-support'];
        expect(shown.filter((entry) => !registrars.includes(entry.owner.kind))).toEqual([]);
        expect(shown.length).toBeGreaterThan(25);
        const hidden = root.anyarch({ command: 'status', hidden: true }) as StatusReport;
        expect(
          hidden.entries.filter(({ owner: { kind } }) => ['anyarch', 'predecessor'].includes(kind)),
        ).toEqual([]);
        expectTheirsRun();
      });

      test('untouched by what anyarch does, byte for byte and in their order', () => {
        const theirs = () => entries().filter(([name]) => !name.startsWith('anyarch-'));
        for (const hidden of [false, true]) {
          const orders = [
            { architectures: ['arm64', 'riscv64'] },
            { architectures: ['arm64', 's390x'], reset: true },
            { architectures: ['arm64'], credentials: true },
          ];
          for (const order of orders) {
            expect(register({ ...order, hidden }).outcome).toBe('ok');
            expect(theirs()).toEqual(before);
            expect(entries().map(([name]) => name)).toContain('anyarch-aarch64');
          }
          const others = before.map(([name]) => name).filter((name) => !name.startsWith('qemu-'));
          const { results } = register({ architectures: [], takeOver: others, hidden });
          expect(results.map(({ error }) => error?.code)).toEqual(others.map(() => 'ANYARCH_NOT_ADOPTABLE'));
          expect(unregisterAll().outcome).toBe('ok');
          expect(entries()).toEqual(before);
          expectTheirsRun();
        }
      });

      test('taken over and given back', () => {
        expect(register({ takeOver: ['qemu-aarch64'] }).results).toMatchObject([
          { name: 'qemu-aarch64', action: 'replace', proven: true, adopted: { owner } },
        ]);
        const ours = new Map(entries()).get('qemu-aarch64');
        expect(ours).toContain('interpreter /anyarch/qemu/qemu-aarch64\n');
        expect(root.run(['/samples/probe']).status).toBe(42);
        expect(entries().filter(([name]) => name !== 'qemu-aarch64')).toEqual(
          before.filter(([name]) => name !== 'qemu-aarch64'),
        );
        expect(release('qemu-aarch64').results).toMatchObject([{ action: 'release', proven: true }]);
        expect(entries().toSorted()).toEqual(before.toSorted());
        expectTheirsRun();
        expect(release('qemu-aarch64').results).toMatchObject([{ error: { code: 'ANYARCH_NOT_ADOPTED' } }]);
      });

      test('taken over, and registered again by its owner', () => {
        register({ takeOver: ['qemu-aarch64'] });
        runAll(again);
        const restored = entries();
        expect(new Map(restored).get('qemu-aarch64')).toBe(new Map(before).get('qemu-aarch64'));
        const { entries: shown } = root.anyarch({ command: 'status' }) as StatusReport;
        expect(shown.find(({ name }) => name === 'qemu-aarch64')).toMatchObject({
          owner: { kind: owner },
          isReclaimed: true,
        });
        expect(release('qemu-aarch64')).toMatchObject({
          outcome: 'ok',
          results: [{ action: 'absent' }],
        });
        unregisterAll();
        expect(entries()).toEqual(restored);
        expectTheirsRun();
      });
    });
  },
);
