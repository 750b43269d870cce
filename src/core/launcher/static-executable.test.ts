import { expect, test } from 'vitest';
import { buildStaticExecutable, dataAddress } from './static-executable.ts';

const identity = { class: 64, endianness: 'little', machine: 62 } as const;

test('code that would reach into the data is refused', () => {
  const room = dataAddress % 0x1_0000;
  const headers = 64 + 3 * 56;
  expect(() =>
    buildStaticExecutable(identity, new Uint8Array(room - headers + 1), new Uint8Array(1)),
  ).toThrow('leave no room before the data');
  const file = buildStaticExecutable(identity, new Uint8Array(room - headers), Uint8Array.of(7));
  expect(file).toHaveLength(room + 1);
  expect(file[room]).toBe(7);
});
