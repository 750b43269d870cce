import { beforeEach, describe, expect, it } from 'vitest';
import { findArchitecture } from '../core/architecture.ts';
import { encodeUtf8 } from '../core/text.ts';
import { fakeHost, type FakeHost } from '../host/testing/index.ts';
import { emptyPrivateTable } from './empty.ts';
import { ensurePrivateTable } from './ensure.ts';
import { wantedArchitecture, type WantedTable } from './wanted-table.ts';

const state = '/home/u/state';
let host: FakeHost;

const wanting = (...names: string[]): WantedTable => ({
  schema: 1,
  architectures: names.map((name) =>
    wantedArchitecture(findArchitecture(name), {
      path: `/q/qemu-${findArchitecture(name).name}`,
      version: '11.1.3',
      sha256: 'ab',
      preservesArgv0: true,
    }),
  ),
  at: '2026-11-22',
  by: 'test',
});
const ensure = (wanted: WantedTable, probe = false) => ensurePrivateTable(host, wanted, { probe, state });
const outcomes = (wanted: WantedTable, probe = false) =>
  ensure(wanted, probe).architectures.map(({ architecture, outcome }) => [architecture, outcome]);
const register = (rule: string) => {
  host.binfmt.table().register(encodeUtf8(rule));
};
const names = () => host.binfmt.table().list();
const ruleOf = (name: string, interpreter: string, entry: string, flags = 'F') =>
  wanting(name)
    .architectures[0]!.rule.replace(/^:[^:]+/, `:${entry}`)
    .replace(/[^:]+:[A-Z]+$/, `${interpreter}:${flags}`);

/** As root of a user namespace that sees its parent's table. */
const inNamespace = (options: Parameters<typeof fakeHost>[0] = {}) => {
  host = fakeHost({ ...options, binfmt: { inherited: true, ...options.binfmt } });
  host.files.addFile('/proc/self/uid_map', '0 1000 1\n1 100000 65536\n');
  for (const name of ['aarch64', 's390x', 'riscv64']) host.addProgram(`/q/qemu-${name}`);
  for (const name of ['old', 'hosts']) host.addProgram(`/usr/bin/${name}`);
};
beforeEach(() => {
  inNamespace();
});

describe('ensurePrivateTable', () => {
  it('makes a table with what is wanted, and keeps it', () => {
    expect(ensure(wanting('arm64', 's390x'))).toMatchObject({
      table: 'made',
      architectures: [
        { architecture: 'aarch64', outcome: 'added' },
        { architecture: 's390x', outcome: 'added' },
      ],
    });
    expect(host.binfmt.isOwn()).toBe(true);
    expect(ensure(wanting('arm64', 's390x'))).toMatchObject({
      table: 'kept',
      architectures: [{ outcome: 'kept' }, { outcome: 'kept' }],
    });
    expect(names()).toEqual(['qemu-s390x', 'qemu-aarch64']);
    expect(outcomes(wanting('arm64', 's390x'), true)).toEqual([
      ['aarch64', 'kept'],
      ['s390x', 'kept'],
    ]);
  });

  it('mounts nothing where the host handles all that is wanted, or the kernel does', () => {
    register(ruleOf('arm64', '/usr/bin/hosts', 'distribution'));
    expect(ensure(wanting('arm64', 'i386'))).toMatchObject({
      table: 'none',
      architectures: [{ outcome: 'host' }, { outcome: 'host' }],
    });
    expect(host.binfmt.isOwn()).toBe(false);
  });

  it("takes the host's word for nothing: an emulator that does not run handles nothing", () => {
    host.addProgram('/usr/bin/broken', 'broken', () => ({ kind: 'exited', code: 1 }));
    register(ruleOf('arm64', '/usr/bin/broken', 'distribution'));
    expect(outcomes(wanting('arm64'))).toEqual([['aarch64', 'added']]);
  });

  it('does not count an entry whose emulator containers do not have', () => {
    register(ruleOf('arm64', '/usr/bin/hosts', 'distribution', 'O'));
    expect(ensure(wanting('arm64'))).toMatchObject({ table: 'made', copied: ['distribution'] });
    expect(names()).toEqual(['qemu-aarch64', 'distribution']);
  });

  it("copies the host's entries oldest first, but not what is switched off", () => {
    register(':old:E::old::/usr/bin/old:');
    register(':off:E::off::/usr/bin/old:');
    register(':new:E::new::/usr/bin/hosts:F');
    host.binfmt.table().control('off', '0');
    expect(ensure(wanting('arm64'))).toMatchObject({ copied: ['old', 'new'], notCopied: [] });
    expect(names()).toEqual(['qemu-aarch64', 'new', 'old']);
  });

  it('uses ours where an entry that handled an architecture cannot be copied', () => {
    register(ruleOf('arm64', '/usr/bin/hosts', 'container'));
    register(':gone:E::gone::/usr/bin/hosts:F');
    host.files.remove('/usr/bin/hosts');
    const done = ensure(wanting('arm64', 's390x'));
    expect(done).toMatchObject({
      table: 'made',
      architectures: [
        { architecture: 'aarch64', outcome: 'added' },
        { architecture: 's390x', outcome: 'added' },
      ],
      copied: [],
    });
    expect(done.notCopied.map(({ name }) => name)).toEqual(['container', 'gone']);
    expect(done.notCopied[1]?.reason).toContain('/usr/bin/hosts');
  });

  it("replaces the host's entry of the same name that containers have no use of", () => {
    register(ruleOf('arm64', '/usr/bin/hosts', 'qemu-aarch64', 'O'));
    expect(ensure(wanting('arm64'))).toMatchObject({ copied: [], notCopied: [] });
    expect(host.binfmt.table().read('qemu-aarch64')).toContain('/q/qemu-aarch64');
  });

  it('goes on without an architecture whose emulator has vanished', () => {
    host.files.remove('/q/qemu-aarch64');
    expect(ensure(wanting('arm64', 's390x')).architectures).toMatchObject([
      { outcome: 'failed', error: { code: 'ANYARCH_EMULATOR_NOT_FOUND' } },
      { outcome: 'added' },
    ]);
  });

  it('mounts nothing when it would have nothing to put in', () => {
    host.files.remove('/q/qemu-aarch64');
    expect(ensure(wanting('arm64'))).toMatchObject({ table: 'none', architectures: [{ outcome: 'failed' }] });
    expect(host.binfmt.isOwn()).toBe(false);
  });

  it('says so when a foreign program does not run in the end', () => {
    host.addProgram('/q/qemu-aarch64', 'broken', () => ({ kind: 'exited', code: 1 }));
    expect(ensure(wanting('arm64'), true).architectures).toMatchObject([
      { outcome: 'failed', error: { code: 'ANYARCH_PROBE_FAILED' } },
    ]);
  });

  it('replaces what a former document wanted, and what a killed process left', () => {
    ensure(wanting('arm64'));
    const newer = wanting('arm64');
    const [one] = newer.architectures;
    host.addProgram('/q2/qemu-aarch64');
    const moved = one!.rule.replace('/q/', '/q2/');
    const wanted = {
      ...newer,
      architectures: [
        { ...one!, rule: moved, listed: '', emulator: { ...one!.emulator, path: '/q2/qemu-aarch64' } },
      ],
    };
    // Without knowing the former rule, the entry is somebody's.
    expect(outcomes(wanted)).toEqual([['aarch64', 'host']]);
    expect(outcomes({ ...wanted, former: [one!.rule] })).toEqual([['aarch64', 'added']]);
    expect(names()).toEqual(['qemu-aarch64']);
    expect(host.binfmt.table().read('qemu-aarch64')).toContain('/q2/');
    register(moved.replace('qemu-aarch64', 'anyarch-aarch64-next'));
    expect(outcomes({ ...wanted, former: [one!.rule] })).toEqual([['aarch64', 'kept']]);
    expect(names()).toEqual(['qemu-aarch64']);
  });

  it('registers an emulator anew that was replaced in its place: the kernel runs the former file', () => {
    ensure(wanting('arm64'));
    host.clock.sleep(1000);
    host.addProgram('/q/qemu-aarch64', 'newer');
    expect(outcomes(wanting('arm64'))).toEqual([['aarch64', 'added']]);
    expect(names()).toEqual(['qemu-aarch64']);
    expect(outcomes(wanting('arm64'))).toEqual([['aarch64', 'kept']]);
    host.files.remove('/q/qemu-aarch64');
    expect(outcomes(wanting('arm64'))).toEqual([['aarch64', 'kept']]);
  });

  it('puts the entry in force again that was switched off', () => {
    ensure(wanting('arm64'));
    host.binfmt.table().control('qemu-aarch64', '0');
    expect(outcomes(wanting('arm64'))).toEqual([['aarch64', 'added']]);
    expect(host.binfmt.table().read('qemu-aarch64')).toMatch(/^enabled/);
  });

  it("leaves others' entries alone, also under our name", () => {
    ensure(wanting('s390x'));
    register(':qemu-aarch64:E::arm::/usr/bin/old:');
    expect(outcomes(wanting('s390x', 'arm64'))).toEqual([
      ['s390x', 'kept'],
      ['aarch64', 'added'],
    ]);
    expect(names()).toEqual(['anyarch-aarch64', 'qemu-aarch64', 'qemu-s390x']);
    expect(outcomes(wanting('s390x', 'arm64'))).toEqual([
      ['s390x', 'kept'],
      ['aarch64', 'kept'],
    ]);
  });

  it.each([
    ['in the initial user namespace', '0 0 4294967295\n', '6.18.0'],
    ['before Linux 6.7', '0 1000 1\n', '6.6.9'],
  ])('refuses %s', (_, uidMap, kernelRelease) => {
    inNamespace({ system: { kernelRelease } });
    host.files.addFile('/proc/self/uid_map', uidMap);
    expect(() => ensure(wanting('arm64'))).toThrowWithCode('ANYARCH_NAMESPACE');
    expect(() => emptyPrivateTable(host, wanting('arm64'))).toThrowWithCode('ANYARCH_NAMESPACE');
    expect(host.binfmt.isOwn()).toBe(false);
  });

  it('refuses a rule that was changed by hand', () => {
    const wanted = wanting('arm64');
    const [one] = wanted.architectures;
    const changed = { ...wanted, architectures: [{ ...one!, name: 'qemu-arm' }] };
    expect(() => ensure(changed)).toThrowWithCode('ANYARCH_STATE_INVALID');
  });

  it('says who may mount', () => {
    host.files.credentials.uid = 1000;
    expect(() => ensure(wanting('arm64'))).toThrowWithCode('ANYARCH_PERMISSION');
  });

  it('does not fill a table that is switched off', () => {
    ensure(wanting('arm64'));
    host.files.writeOnce('/proc/sys/fs/binfmt_misc/status', encodeUtf8('0'));
    expect(() => ensure(wanting('arm64'))).toThrowWithCode('ANYARCH_BINFMT_DISABLED');
  });
});

describe('emptyPrivateTable', () => {
  it('takes out what former documents asked for, and puts in what the host has by now', () => {
    ensure(wanting('arm64', 's390x'));
    register(ruleOf('riscv64', '/usr/bin/old', 'qemu-riscv64'));
    const rules = wanting('arm64', 's390x').architectures.map(({ rule }) => rule);
    const hosts = [ruleOf('arm64', '/usr/bin/hosts', 'hosts'), ruleOf('arm', '/usr/bin/gone', 'unusable')];
    expect(emptyPrivateTable(host, { ...wanting(), former: rules, hosts })).toEqual({
      table: 'kept',
      removed: ['qemu-s390x', 'qemu-aarch64'],
      failed: [],
    });
    expect(names()).toEqual(['hosts', 'qemu-riscv64']);
  });

  it('takes out ours and nothing else, and never touches an inherited table', () => {
    register(wanting('arm64').architectures[0]!.rule);
    expect(emptyPrivateTable(host, wanting('arm64'))).toMatchObject({ table: 'none', removed: [] });
    expect(names()).toEqual(['qemu-aarch64']);
    ensure(wanting('s390x', 'riscv64'));
    register(':others:E::others::/usr/bin/old:');
    expect(emptyPrivateTable(host, wanting('s390x', 'riscv64'))).toEqual({
      table: 'kept',
      removed: ['qemu-riscv64', 'qemu-s390x'],
      failed: [],
    });
    expect(names()).toEqual(['others', 'qemu-aarch64']);
  });
});
