import fc from 'fast-check';
import { expect, test } from 'vitest';
import { bytesSource } from './byte-source.ts';
import { loadedSize, neededLibraries } from './elf-needed.ts';
import { AnyarchError } from './error.ts';
import { buildProbe } from './probe/probe.ts';
import { needingProgram } from './testing/needing-program.ts';

const shapes = [
  { width: 64, little: true },
  { width: 64, little: false },
  { width: 32, little: true },
  { width: 32, little: false },
] as const;

test.each(shapes)('reads names and directories, $width bits, little-endian $little', (shape) => {
  const names = ['libz.so.1', 'libc.so.6'];
  expect(
    neededLibraries(bytesSource(needingProgram({ ...shape, names, runpath: '$ORIGIN/../lib::/opt/lib' }))),
  ).toEqual({ names, directories: ['$ORIGIN/../lib', '/opt/lib'] });
  expect(neededLibraries(bytesSource(needingProgram({ ...shape, names })))).toEqual({
    names,
    directories: [],
  });
});

test('a static program needs none, and no byte more than it has', () => {
  const probe = buildProbe('s390x');
  expect(neededLibraries(bytesSource(probe))).toEqual({ names: [], directories: [] });
  expect(loadedSize(bytesSource(probe))).toBe(probe.length);
  expect(loadedSize(bytesSource(probe.subarray(0, probe.length - 1)))).toBe(probe.length);
});

test('what is cut off gives an error of ours or fewer bytes than are loaded', () => {
  const whole = needingProgram({ width: 64, little: true, names: ['libc.so.6'] });
  fc.assert(
    fc.property(fc.nat(whole.length - 1), (size) => {
      const wanted = orOurs(() => loadedSize(bytesSource(whole.subarray(0, size))));
      return wanted === undefined || wanted > size;
    }),
  );
});

test('never fails otherwise, whatever the bytes', () => {
  const whole = needingProgram({ width: 32, little: false, names: ['libc.so.6'] });
  fc.assert(
    fc.property(fc.nat(whole.length - 1), fc.nat(255), (at, value) => {
      const damaged = whole.slice();
      damaged[at] = value;
      orOurs(() => loadedSize(bytesSource(damaged)));
      orOurs(() => neededLibraries(bytesSource(damaged)));
    }),
  );
});

/** Undefined for an error that users can cause; others come through. */
function orOurs<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}
