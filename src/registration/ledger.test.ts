import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fakeHost } from '../host/testing/index.ts';
import { emptyLedger, ledgerPath, readLedger, reconcile, writeLedger } from './ledger.ts';
import type { Registration } from './ledger-document.ts';
import { parseLedger } from './ledger-document.ts';
import { AnyarchError } from '../core/error.ts';
import { readTable } from './table.ts';
import { registrationHost, state } from './testing/registration-host.ts';

const place = { boot: 'boot', userNamespace: 'user:[1]' };
const registration: Registration = {
  architecture: 'arm',
  name: 'qemu-arm',
  rule: ':qemu-arm:M::MZ::/bin/ä:',
  emulator: { path: '/bin/ä', version: '11.1.3', sha256: undefined },
  file: { inode: 1, size: 2, modifiedMs: 3.5 },
  at: '2026-01-01T00:00:00.000Z',
  by: 'anyarch 1.2.3: anyarch register arm',
  place,
  state: 'made',
};

test('reads what it wrote, and nothing where nothing is', () => {
  const host = fakeHost();
  expect(readLedger(host, '/x')).toEqual(emptyLedger);
  writeLedger(host, '/x', { ...emptyLedger, registrations: [registration] });
  expect(readLedger(host, '/x').registrations).toEqual([registration]);
});

test.each([
  '',
  '{',
  '[]',
  'null',
  '{"schema":2,"registrations":[]}',
  '{"schema":1,"registrations":[],"wishes":[]}',
  '{"schema":2,"registrations":[],"wishes":[],"more":1}',
  '{"schema":3,"registrations":[],"wishes":[]}',
  '{"schema":"2","registrations":[],"wishes":[]}',
  '{"schema":1}',
  '{"schema":1,"registrations":[{}]}',
])('refuses %j and leaves it alone', (text) => {
  const { host, register, entries } = registrationHost();
  host.files.addFile(ledgerPath(state), text);
  expect(() => register({ architectures: ['arm64'] })).toThrowWithCode('ANYARCH_LEDGER_INVALID');
  expect(new TextDecoder().decode(host.files.read(ledgerPath(state)))).toBe(text);
  expect(entries().size).toBe(0);
});

test('whatever it is given, it is read or refused', () => {
  const text = fc.oneof(
    fc.string(),
    fc.json(),
    fc.json().map((json) => `{"schema":1,"registrations":[${json}]}`),
    fc.json().map((json) => `{"schema":2,"registrations":[],"wishes":[${json}]}`),
  );
  fc.assert(
    fc.property(text, (damaged) => {
      const outcome = readOrRefuse(damaged);
      expect(outcome instanceof AnyarchError ? outcome.code : outcome.schema).toBe(
        outcome instanceof AnyarchError ? 'ANYARCH_LEDGER_INVALID' : 2,
      );
    }),
  );
});

test('says which disk is full and which directory is forbidden', () => {
  const host = fakeHost();
  host.files.fail({ errno: 'ENOSPC', method: 'writeAtomic', times: 1 });
  expect(() => {
    writeLedger(host, '/x', emptyLedger);
  }).toThrowWithCode('ANYARCH_DISK_FULL');
  host.files.fail({ errno: 'EROFS', method: 'writeAtomic', times: 1 });
  expect(() => {
    writeLedger(host, '/x', emptyLedger);
  }).toThrowWithCode('ANYARCH_PERMISSION');
});

test('the kernel’s word counts', () => {
  const { host, addEntry } = registrationHost();
  addEntry(':qemu-arm:M::MZ::/bin/ä:');
  const kept = (changes: Partial<Registration>) =>
    reconcile({ ...emptyLedger, registrations: [{ ...registration, ...changes }] }, readTable(host), place)
      .registrations.length;
  expect(kept({})).toBe(1);
  expect(kept({ name: 'qemu-other' })).toBe(0);
  expect(kept({ rule: ':qemu-arm:M::MZ::/bin/other:' })).toBe(0);
  expect(kept({ rule: 'damaged' })).toBe(0);
  expect(kept({ place: { ...place, boot: 'earlier' } })).toBe(0);
  expect(kept({ place: { ...place, userNamespace: 'user:[2]' }, name: 'qemu-other' })).toBe(1);
});

test('an entry of another boot is not ours because of its name', () => {
  const { host, register, addEntry, entries } = registrationHost();
  register({ architectures: ['arm64'] });
  const [record] = readLedger(host, state).registrations;
  host.binfmt.table().control('qemu-aarch64', '-1');
  writeLedger(host, state, {
    ...emptyLedger,
    registrations: [{ ...record!, place: { ...record!.place, boot: 'earlier' } }],
  });
  host.addProgram('/opt/emulator');
  addEntry(record!.rule.replace(/:[^:]*:PF$/, ':/opt/emulator:PF'));
  expect(register({ architectures: ['arm64'] }).results).toMatchObject([
    { name: 'anyarch-aarch64', shadows: ['qemu-aarch64'] },
  ]);
  expect(entries().size).toBe(2);
});

function readOrRefuse(text: string): ReturnType<typeof parseLedger> | AnyarchError {
  try {
    return parseLedger('/x', text);
  } catch (error) {
    if (error instanceof AnyarchError) return error;
    throw error;
  }
}
