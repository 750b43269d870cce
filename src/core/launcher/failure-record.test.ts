import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFailureRecord, readFailureRecords } from './failure-record.ts';
import { s390x } from './hosts/s390x.ts';
import { x86_64 } from './hosts/x86-64.ts';

test('a record is read in the host’s byte order', () => {
  expect(readFailureRecord(Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0), x86_64)).toEqual({ step: 1, errno: 2 });
  expect(readFailureRecord(Uint8Array.of(0, 0, 1, 0, 0, 0, 0, 90), s390x)).toEqual({ step: 256, errno: 90 });
});

test('a record inside a larger buffer is read from its own place', () => {
  const bytes = Uint8Array.of(9, 9, 1, 0, 0, 0, 2, 0, 0, 0, 9).subarray(2, 10);
  expect(readFailureRecord(bytes, x86_64)).toEqual({ step: 1, errno: 2 });
});

test('nothing written is no failure', () => {
  expect(readFailureRecord(new Uint8Array(), x86_64)).toBeUndefined();
});

test('bytes of another length are no record', () => {
  fc.assert(
    fc.property(
      fc.uint8Array().filter(({ length }) => length !== 0 && length !== 8),
      (bytes) => {
        expect(() => readFailureRecord(bytes, x86_64)).toThrow('a failure record has 8 bytes');
      },
    ),
  );
});

test('several records are read in their order', () => {
  const bytes = Uint8Array.of(1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 8, 0, 0, 0);
  expect(readFailureRecords(bytes, x86_64)).toEqual([
    { step: 1, errno: 2 },
    { step: 3, errno: 8 },
  ]);
  expect(() => readFailureRecords(bytes.subarray(1), x86_64)).toThrow('failure records have 8 bytes each');
});
