import { expect, test } from 'vitest';
import { fakeHost } from '../host/testing/index.ts';
import { registrationHost } from './testing/registration-host.ts';
import { ensureMounted, readTable } from './table.ts';

test('lists the newest first and keeps what it cannot read', () => {
  const { host, addEntry } = registrationHost();
  addEntry(':first:E::abc::/bin/cat:');
  addEntry(':second:M::MZ::/bin/cat:');
  const table = host.binfmt.table();
  const odd = {
    ...host.binfmt,
    table: () => ({
      ...table,
      read: (name: string) => (name === 'first' ? 'something new\n' : table.read(name)),
    }),
  };
  expect(readTable({ binfmt: odd }).entries).toMatchObject([
    { name: 'second', entry: { kind: 'magic' } },
    { name: 'first', entry: undefined, text: 'something new\n' },
  ]);
});

test('leaves out an entry that vanishes while it reads', () => {
  const { host, addEntry } = registrationHost();
  addEntry(':first:E::abc::/bin/cat:');
  const table = host.binfmt.table();
  const racing = { ...host.binfmt, table: () => ({ ...table, list: () => ['gone', ...table.list()] }) };
  expect(readTable({ binfmt: racing }).entries.map(({ name }) => name)).toEqual(['first']);
});

test('mounts what is not mounted, and triggers an autofs', () => {
  for (const state of ['unmounted', 'autofs'] as const) {
    const host = fakeHost({ binfmt: { state } });
    expect(readTable(host)).toMatchObject({ state, entries: [], enabled: false });
    ensureMounted(host);
    expect(readTable(host)).toMatchObject({ state: 'mounted', enabled: true });
  }
});

test('says why there is no table', () => {
  expect(() => ensureMounted(fakeHost({ binfmt: { state: 'unsupported' } }))).toThrowWithCode(
    'ANYARCH_BINFMT_UNSUPPORTED',
  );
  expect(() =>
    ensureMounted(fakeHost({ binfmt: { state: 'unmounted' }, system: { uid: 1000 } })),
  ).toThrowWithCode('ANYARCH_PERMISSION');
  const { binfmt } = fakeHost({ binfmt: { state: 'autofs' } });
  expect(() => ensureMounted({ binfmt: { ...binfmt, trigger: () => undefined } })).toThrowWithCode(
    'ANYARCH_BINFMT_AUTOFS',
  );
  const { binfmt: unmounted } = fakeHost({ binfmt: { state: 'unmounted' } });
  expect(() => ensureMounted({ binfmt: { ...unmounted, mount: () => undefined } })).toThrowWithCode(
    'ANYARCH_BINFMT_NOT_MOUNTED',
  );
});

test('register: not mounted, read-only, not allowed, switched off', () => {
  const mounting = registrationHost(['aarch64'], { binfmt: { state: 'unmounted' } });
  expect(mounting.register({ architectures: ['arm64'] }).outcome).toBe('ok');

  const readOnly = registrationHost(['aarch64'], { binfmt: { readOnly: true } });
  expect(() => readOnly.register({ architectures: ['arm64'] })).toThrowWithCode('ANYARCH_BINFMT_READ_ONLY');

  const user = registrationHost(['aarch64'], {
    system: { uid: 1000, gid: 1000, environment: { ANYARCH_HOME: '/tmp/home' } },
  });
  expect(() => user.register({ architectures: ['arm64'] })).toThrowWithCode('ANYARCH_PERMISSION');

  const off = registrationHost();
  off.host.files.writeOnce('/proc/sys/fs/binfmt_misc/status', Uint8Array.of(0x30));
  expect(() => off.register({ architectures: ['arm64'] })).toThrowWithCode('ANYARCH_BINFMT_DISABLED');
  expect(off.entries().size).toBe(0);
});
