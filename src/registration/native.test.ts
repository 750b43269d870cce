import { expect, test } from 'vitest';
import { fakeHost, type FakeHostOptions } from '../host/testing/index.ts';
import { encodeUtf8 } from '../core/text.ts';
import { findNative, nativeArchitectures } from './native.ts';
import { withProver } from './prove.ts';
import { readTable } from './table.ts';
import { state } from './testing/registration-host.ts';

function nativeOn(options: FakeHostOptions, rule?: string): string[] {
  const host = fakeHost(options);
  host.addProgram('/opt/emulator');
  if (rule !== undefined) host.binfmt.table().register(encodeUtf8(rule));
  return withProver(host, state, (prover) => [...nativeArchitectures(host, readTable(host), prover)].sort());
}

function emulatedOn(options: FakeHostOptions, rule?: string) {
  const host = fakeHost(options);
  host.addProgram('/opt/emulator');
  if (rule !== undefined) host.binfmt.table().register(encodeUtf8(rule));
  return withProver(host, state, (prover) => findNative(host, readTable(host), prover).emulated);
}

test('what the kernel runs is native, whatever uname says', () => {
  expect(nativeOn({})).toEqual(['i386', 'x86_64']);
  expect(nativeOn({ executor: { native: ['x86_64'] } })).toEqual(['x86_64']);
  expect(nativeOn({ system: { machine: 'i686' } })).toEqual(['i386', 'x86_64']);
  expect(nativeOn({ system: { machine: 'aarch64' }, executor: { native: ['aarch64', 'arm'] } })).toEqual([
    'aarch64',
    'arm',
  ]);
  expect(nativeOn({ system: { machine: 'aarch64' }, executor: { native: ['aarch64'] } })).toEqual([
    'aarch64',
  ]);
});

const i386 = '\\x7fELF\\x01\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\x03\\x00';

test('an emulated architecture does not pass for a native one', () => {
  expect(nativeOn({ executor: { native: ['x86_64'] } }, `:qemu-i386:M::${i386}::/opt/emulator:F`)).toEqual([
    'x86_64',
  ]);
});

test('an entry does not hide that an architecture is native', () => {
  expect(nativeOn({}, `:qemu-i386:M::${i386}::/opt/emulator:F`)).toEqual(['i386', 'x86_64']);
});

const aarch64 = '\\x7fELF\\x02\\x01\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x02\\x00\\xb7\\x00';

/** An arm64 image on an x86-64 machine. */
const emulatedImage = { system: { machine: 'aarch64' }, executor: { native: ['x86_64', 'i386'] } };

test("QEMU's uname is not the machine's", () => {
  expect(emulatedOn(emulatedImage, `:qemu-aarch64:M::${aarch64}::/opt/emulator:F`)).toEqual({
    architecture: 'aarch64',
    hiddenBy: undefined,
  });
  expect(nativeOn(emulatedImage, `:qemu-aarch64:M::${aarch64}::/opt/emulator:F`)).toEqual(['i386', 'x86_64']);
  // 32-bit programs on a kernel of the same family that runs 64-bit ones only.
  const arm = { system: { machine: 'armv7l' }, executor: { native: ['aarch64'] } };
  expect(emulatedOn(arm)).toEqual({ architecture: 'arm', hiddenBy: undefined });
  expect(nativeOn(arm)).toEqual(['aarch64']);
  expect(emulatedOn({})).toBeUndefined();
  expect(emulatedOn({ system: { machine: 'i686' } })).toBeUndefined();
});

test('an entry that takes even marked programs proves nothing, unless another family runs', () => {
  const greedy = ':greedy:M::\\x7fELF\\x02::/opt/emulator:F';
  expect(emulatedOn(emulatedImage, greedy)).toEqual({ architecture: 'aarch64', hiddenBy: undefined });
  expect(emulatedOn({}, greedy)).toEqual({ architecture: 'x86_64', hiddenBy: 'greedy' });
  expect(nativeOn({}, greedy)).toEqual(['i386', 'x86_64']);
});

test('where nothing can be executed, this process counts', () => {
  const host = fakeHost();
  host.files.fail({ errno: 'EROFS', method: 'makeDirectory' });
  expect(withProver(host, state, (prover) => findNative(host, readTable(host), prover))).toEqual({
    architectures: new Set(['x86_64']),
    emulated: undefined,
  });
});

test('a rule that takes everything leaves only what this process is', () => {
  expect(nativeOn({}, ':all:M::\\x7fELF\\x01::/opt/emulator:F')).toEqual(['x86_64']);
});

test('a machine without a name of ours has nothing native that we know', () => {
  expect(nativeOn({ system: { machine: 'vax' } })).toEqual([]);
});
