import { copyFileSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findArchitecture } from '../../src/core/architecture.ts';
import { buildProbe } from '../../src/core/probe/probe.ts';
import { encodeUtf8 } from '../../src/core/text.ts';
import { binfmtMiscPath } from '../../src/host/node/node-binfmt.ts';
import { nodeHost } from '../../src/host/node/node-host.ts';
import {
  readHookFailure,
  recordWantedTable,
  wantedArchitecture,
  wantedTablePathIn,
} from '../../src/private-table/index.ts';
import { run } from '../support/command.ts';
import { executable, offline } from '../support/engines/cli.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { repository } from '../support/fixtures/cache.ts';
import { openPrivateTable, type PrivateTable } from '../support/private-table.ts';
import { buildNativeProgram } from '../support/quickjs/build.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** A namespace with a table plays the host for one within it, whose root has the same id. */
let hosts: PrivateTable;
let inner: PrivateTable;
let state: string;
let probe: string;
let native: string;

beforeAll(async () => {
  native = await buildNativeProgram(
    join(repository, 'src/entrypoint/quickjs.ts'),
    temporaryDirectory('program'),
  );
  probe = join(temporaryDirectory('probe'), 'probe');
}, 300_000);
beforeEach(async () => {
  hosts = await openPrivateTable();
  inner = await openPrivateTable({ within: hosts, mounted: 'inherited' });
  state = temporaryDirectory('state');
});
afterEach(async () => {
  await inner.close();
  await hosts.close();
});

const emulatorOf = (target: string) => join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', `qemu-${target}`);

const wanted = (name: string, path: string) =>
  wantedArchitecture(findArchitecture(name), { path, version: '0', sha256: '', preservesArgv0: true });
const ruleOf = (name: string, path: string) => wanted(name, path).rule;
const want = (emulators: Readonly<Record<string, string>>) => {
  const architectures = Object.entries(emulators).map(([name, path]) => wanted(name, path));
  recordWantedTable(nodeHost(), state, { schema: 1, architectures, at: '', by: '' });
};
const wantTwo = () => {
  want({ aarch64: emulatorOf('aarch64'), s390x: emulatorOf('s390x') });
};

const execute = (architecture: string, { host }: PrivateTable = inner) => {
  writeFileSync(probe, buildProbe(architecture), { mode: 0o755 });
  return host.executor.execute(probe);
};
const refused = { kind: 'refused', errno: 'ENOEXEC' };
const ran = { kind: 'exited', code: 42 };

const register = ({ host }: PrivateTable, rule: string) => {
  host.binfmt.table().register(encodeUtf8(rule));
};
const entriesOf = ({ host }: PrivateTable) => host.binfmt.table().list();
const deviceOf = ({ pid }: PrivateTable) => statSync(`/proc/${pid}/root${binfmtMiscPath}`).dev;
const mountsOf = ({ pid }: PrivateTable) =>
  readFileSync(`/proc/${pid}/mounts`, 'utf8').match(/ binfmt_misc /g)?.length ?? 0;

describeWith([needs.qemu], 'anyarch rootless ensure', () => {
  describe.each([
    ['on Node', () => executable],
    ['as the static program', () => native],
  ])('%s', (_, program) => {
    const ensure = (...words: readonly string[]) =>
      run(
        [
          ...['nsenter', '-t', `${inner.pid}`, '-U', '-m', '--preserve-credentials', '--'],
          ...[program(), 'rootless', 'ensure', '--state', state, ...words],
        ],
        { environment: { PATH: process.env['PATH'], ...offline, HOME: state } },
      );
    const ensured = async (...words: readonly string[]) => {
      const { exitCode, stdout, stderr } = await ensure(...words, '--json');
      return { exitCode, stderr, ...(JSON.parse(stdout) as object) };
    };

    test('makes a table once, whose programs run, and takes its entries out again', async () => {
      wantTwo();
      expect([execute('aarch64'), execute('s390x')]).toEqual([refused, refused]);
      const mounts = mountsOf(inner);
      expect(await ensured('--probe')).toMatchObject({
        exitCode: 0,
        table: 'made',
        architectures: [{ outcome: 'added' }, { outcome: 'added' }],
      });
      expect([execute('aarch64'), execute('s390x')]).toEqual([ran, ran]);
      expect(execute('aarch64', hosts)).toEqual(refused);
      expect(await ensured()).toMatchObject({
        exitCode: 0,
        table: 'kept',
        architectures: [{ outcome: 'kept' }, { outcome: 'kept' }],
      });
      expect(mountsOf(inner)).toBe(mounts + 1);
      register(inner, ':others:E::others::/bin/true:');
      expect(await ensured('--remove')).toMatchObject({
        exitCode: 0,
        removed: ['qemu-s390x', 'qemu-aarch64'],
      });
      expect([execute('aarch64'), execute('s390x')]).toEqual([refused, refused]);
      expect(entriesOf(inner)).toEqual(['others']);
    });

    test('eight at once make one table', async () => {
      wantTwo();
      const mounts = mountsOf(inner);
      const results = await Promise.all(Array.from({ length: 8 }, () => ensure('--hook')));
      expect(results.map(({ exitCode, stdout, stderr }) => [exitCode, stdout, stderr])).toEqual(
        results.map(() => [0, '', '']),
      );
      expect(mountsOf(inner)).toBe(mounts + 1);
      expect(entriesOf(inner)).toEqual(['qemu-s390x', 'qemu-aarch64']);
      expect(readHookFailure(nodeHost(), state)).toBeUndefined();
    });

    test('copies what the host has, and mounts nothing where that does', async () => {
      want({ aarch64: emulatorOf('aarch64') });
      register(hosts, ':older:E::older::/bin/true:F');
      register(hosts, ruleOf('aarch64', emulatorOf('aarch64')).replace('qemu-aarch64', 'distribution'));
      const device = deviceOf(inner);
      expect(await ensured()).toMatchObject({
        exitCode: 0,
        table: 'none',
        architectures: [{ outcome: 'host' }],
      });
      expect(deviceOf(inner)).toBe(device);
      expect(execute('aarch64')).toEqual(ran);

      wantTwo();
      expect(await ensured('--probe')).toMatchObject({
        exitCode: 0,
        table: 'made',
        architectures: [{ outcome: 'host' }, { outcome: 'added' }],
        copied: ['older', 'distribution'],
        notCopied: [],
      });
      expect(deviceOf(inner)).not.toBe(device);
      expect(entriesOf(inner)).toEqual(['qemu-s390x', 'distribution', 'older']);
      expect([execute('aarch64'), execute('s390x')]).toEqual([ran, ran]);
      expect(entriesOf(hosts)).toEqual(['distribution', 'older']);
    });

    test('goes on without an emulator that has vanished', async () => {
      want({ aarch64: join(state, 'vanished'), s390x: emulatorOf('s390x') });
      expect(await ensured()).toMatchObject({
        exitCode: 3,
        architectures: [{ error: { code: 'ANYARCH_EMULATOR_NOT_FOUND' } }, { outcome: 'added' }],
      });
      expect([execute('aarch64'), execute('s390x')]).toEqual([refused, ran]);
    });

    test('takes what it can of the host, and its own where that cannot be opened any more', async () => {
      const removed = join(temporaryDirectory('removed'), 'qemu-aarch64');
      copyFileSync(emulatorOf('aarch64'), removed);
      register(hosts, ruleOf('aarch64', removed));
      rmSync(removed);
      expect(execute('aarch64')).toEqual(ran);
      wantTwo();
      expect(await ensured('--probe')).toMatchObject({
        exitCode: 0,
        architectures: [{ outcome: 'added' }, { outcome: 'added' }],
        copied: [],
        notCopied: [{ name: 'qemu-aarch64' }],
      });
      expect([execute('aarch64'), execute('s390x')]).toEqual([ran, ran]);
    });

    test('registers an emulator anew that was replaced in its place', async () => {
      const emulator = join(temporaryDirectory('replaced'), 'qemu-aarch64');
      copyFileSync(emulatorOf('aarch64'), emulator);
      want({ aarch64: emulator });
      expect(await ensured()).toMatchObject({ architectures: [{ outcome: 'added' }] });
      await sleep(30);
      copyFileSync(emulatorOf('aarch64'), `${emulator}.new`);
      renameSync(`${emulator}.new`, emulator);
      const newer = await ensured();
      expect(newer).toMatchObject({ table: 'kept', architectures: [{ outcome: 'added' }] });
      expect(await ensured('--probe')).toMatchObject({ architectures: [{ outcome: 'kept' }] });
      expect(entriesOf(inner)).toEqual(['qemu-aarch64']);
    });

    test('takes its entries out in silence when a hook is to', async () => {
      wantTwo();
      expect(await ensured()).toMatchObject({ table: 'made' });
      expect(await ensure('--remove', '--hook')).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
      expect(entriesOf(inner)).toEqual([]);
    });

    test("never writes the host's table", async () => {
      const result = await run([program(), 'rootless', 'ensure', '--state', state, '--json'], {
        environment: { PATH: process.env['PATH'], HOME: state },
      });
      expect(result.exitCode).toBe(4);
      expect(JSON.parse(result.stdout)).toMatchObject({ error: { code: 'ANYARCH_NAMESPACE' } });
    });

    test('lets a container start whatever is wrong, and records it', async () => {
      writeFileSync(wantedTablePathIn(state), '{');
      const device = deviceOf(inner);
      expect(await ensure('--hook')).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
      expect(readHookFailure(nodeHost(), state)?.errors).toMatchObject([{ code: 'ANYARCH_STATE_INVALID' }]);
      expect(deviceOf(inner)).toBe(device);
      expect(await ensured()).toMatchObject({ exitCode: 1, error: { code: 'ANYARCH_STATE_INVALID' } });
      wantTwo();
      expect(await ensure('--hook')).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
      expect(readHookFailure(nodeHost(), state)).toBeUndefined();
      expect(execute('s390x')).toEqual(ran);
    });
  });
});
