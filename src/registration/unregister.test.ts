import { expect, test } from 'vitest';
import { encodeUtf8 } from '../core/text.ts';
import type { KernelTable } from '../host/kernel-table.ts';
import type { FakeHost } from '../host/testing/index.ts';
import { readLedger } from './ledger.ts';
import { unregister } from './unregister.ts';
import { status } from './status.ts';
import { aarch64Pattern, install, registrationHost, state } from './testing/registration-host.ts';

test('removes ours, proves that they are gone, and forgets them', () => {
  const { host, register, entries, addEntry } = registrationHost();
  addEntry(':jar:M::PK\\x03\\x04::/usr/bin/jexec:');
  register({ architectures: ['arm64', 's390x'] });
  expect(unregister(host, { architectures: ['arm64'] })).toMatchObject({
    outcome: 'ok',
    results: [
      { architecture: 'aarch64', action: 'remove', name: 'qemu-aarch64', proven: true, inForce: undefined },
    ],
  });
  expect([...entries().keys()]).toEqual(['qemu-s390x', 'jar']);
  expect(unregister(host, { architectures: 'all' }).results).toMatchObject([{ architecture: 's390x' }]);
  expect([...entries().keys()]).toEqual(['jar']);
  expect(readLedger(host, state).registrations).toEqual([]);
});

test('says who takes the programs now', () => {
  const { host, register, addEntry } = registrationHost();
  host.addProgram('/opt/emulator');
  addEntry(`:other:${aarch64Pattern}:/opt/emulator:F`);
  register({ architectures: ['arm64'] });
  expect(unregister(host, { architectures: ['arm64'] }).results).toMatchObject([
    { action: 'remove', proven: false, inForce: 'other', error: undefined },
  ]);
  expect(unregister(host, { architectures: ['arm64', 'riscv64'] }).results).toMatchObject([
    {
      architecture: 'aarch64',
      action: 'absent',
      inForce: 'other',
      reason: expect.stringContaining("other is not anyarch's") as string,
    },
    { architecture: 'riscv64', action: 'absent', inForce: undefined, reason: 'nothing is registered' },
  ]);
});

test('a dry run removes nothing', () => {
  const { host, register, entries } = registrationHost();
  register({ architectures: ['arm64'] });
  expect(unregister(host, { architectures: 'all', dryRun: true })).toMatchObject({
    dryRun: true,
    results: [{ action: 'remove', steps: [{ kind: 'remove', name: 'qemu-aarch64' }] }],
  });
  expect(entries().size).toBe(1);
});

test('without permission nothing is forgotten', () => {
  const { host, register, entries } = registrationHost();
  register({ architectures: ['arm64'] });
  host.files.fail({ errno: 'EACCES', method: 'writeOnce', times: 1 });
  expect(() => unregister(host, { architectures: 'all' })).toThrowWithCode('ANYARCH_PERMISSION');
  expect(entries().size).toBe(1);
  expect(readLedger(host, state).registrations).toHaveLength(1);
});

test('removes an entry of ours although the ledger is lost', () => {
  const { host, register, entries } = registrationHost();
  register({ architectures: ['arm64'] });
  host.files.remove(`${state}/registrations.json`);
  expect(unregister(host, { architectures: 'all' }).results).toMatchObject([
    { action: 'remove', proven: true },
  ]);
  expect(entries().size).toBe(0);
});

test('removes what was registered with another ANYARCH_HOME', () => {
  const { host, register, entries, emulators } = registrationHost([]);
  const path = `/srv/anyarch/store/sha256/${'0f'.repeat(32)}/qemu-aarch64`;
  emulators.set('aarch64', install(host, 'aarch64', '11.1.3', { path }));
  register({ architectures: ['arm64'], state: '/srv/anyarch' });
  expect(status(host).entries).toMatchObject([
    { owner: { kind: 'anyarch', evidence: expect.stringContaining(path) as string } },
  ]);
  expect(unregister(host, { architectures: 'all' }).results).toMatchObject([
    { action: 'remove', proven: true },
  ]);
  expect(entries().size).toBe(0);
});

/** What somebody does to qemu-aarch64 whenever its text is read for the n-th time. */
function disturbed(host: FakeHost, onRead: (table: KernelTable, reads: number) => void): FakeHost {
  const table = host.binfmt.table();
  let reads = 0;
  const read = (name: string): string => {
    if (name === 'qemu-aarch64') {
      reads += 1;
      onRead(table, reads);
    }
    return table.read(name);
  };
  return { ...host, binfmt: { ...host.binfmt, table: () => ({ ...table, read }) } };
}

test('an entry that changed after it was looked at is looked at again', () => {
  const { host, register, entries } = registrationHost();
  register({ architectures: ['arm64', 's390x'] });
  const racing = disturbed(host, (table, reads) => {
    if (reads === 2) table.control('qemu-aarch64', '0');
  });
  expect(unregister(racing, { architectures: 'all' })).toMatchObject({
    outcome: 'ok',
    results: [{ action: 'remove' }, { action: 'remove' }],
  });
  expect(entries().size).toBe(0);
});

test('an entry that somebody else takes in between is left alone', () => {
  const { host, register, entries } = registrationHost();
  register({ architectures: ['arm64', 's390x'] });
  const racing = disturbed(host, (table, reads) => {
    if (reads !== 2) return;
    table.control('qemu-aarch64', '-1');
    table.register(encodeUtf8(`:qemu-aarch64:${aarch64Pattern}:/opt/theirs:`));
  });
  const report = unregister(racing, { architectures: 'all' });
  expect(report.outcome).toBe('partial');
  expect(report.results.find(({ architecture }) => architecture === 'aarch64')).toMatchObject({
    error: { code: 'ANYARCH_REGISTER_FAILED', message: expect.stringContaining('left') as string },
  });
  expect(entries().get('qemu-aarch64')).toContain('/opt/theirs');
  expect(entries().size).toBe(1);
});

test('an entry that somebody changes all the time is left alone', () => {
  const { host, register, entries } = registrationHost();
  register({ architectures: ['arm64', 's390x'] });
  const racing = disturbed(host, (table, reads) => {
    table.control('qemu-aarch64', reads % 2 === 0 ? '0' : '1');
  });
  expect(unregister(racing, { architectures: 'all' }).outcome).toBe('partial');
  expect([...entries().keys()]).toEqual(['qemu-aarch64']);
});

test.each(['unmounted', 'unsupported'] as const)('mounts nothing to find nothing: %s', (mountState) => {
  const { host } = registrationHost([], { binfmt: { state: mountState } });
  expect(unregister(host, { architectures: 'all' })).toMatchObject({ outcome: 'ok', results: [] });
  expect(unregister(host, { architectures: ['arm64'] }).results).toMatchObject([
    { action: 'absent', reason: 'nothing is registered' },
  ]);
  expect(host.binfmt.state()).toBe(mountState);
});

test('what an old kernel keeps when its table is unmounted is removed all the same', () => {
  const { host, register, entries } = registrationHost(['aarch64'], {
    system: { kernelRelease: '6.1.0-40-amd64' },
  });
  register({ architectures: ['arm64'] });
  let isMounted = false;
  const unmounted = {
    ...host,
    binfmt: {
      ...host.binfmt,
      state: () => (isMounted ? ('mounted' as const) : ('unmounted' as const)),
      mount: () => {
        isMounted = true;
      },
    },
  };
  expect(unregister(unmounted, { architectures: 'all' }).results).toMatchObject([
    { action: 'remove', proven: true },
  ]);
  expect(entries().size).toBe(0);
});

test('looks behind an autofs', () => {
  const { host } = registrationHost([], { binfmt: { state: 'autofs' } });
  unregister(host, { architectures: 'all' });
  expect(host.binfmt.state()).toBe('mounted');
});
