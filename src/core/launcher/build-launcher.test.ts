import { systemCalls } from './program.ts';
import fc from 'fast-check';
import { systemCallNumber } from './system-call-numbers.ts';
import { describe, expect, test } from 'vitest';
import { buildLauncher } from './build-launcher.ts';
import { executeProgram } from './execute-program.ts';
import { launcherHosts } from './find-launcher-host.ts';
import { x86_64 } from './hosts/x86-64.ts';
import { wordSizeOf } from './launcher-host.ts';
import type { LauncherHost } from './launcher-host.ts';
import { operandMode, stateSize, stepWords } from './layout.ts';
import type { Argument, Program, Step } from './program.ts';
import { dataAddress } from './static-executable.ts';

const dataOffset = 0x400;

describe.each(launcherHosts)('a launcher for $name', (host) => {
  test('is an executable of two segments and a stack that is not executable', () => {
    const file = buildLauncher(host, executeProgram());
    const view = new DataView(file.buffer);
    const little = host.identity.endianness === 'little';
    const wide = host.identity.class === 64;
    expect([...file.subarray(0, 6)]).toEqual([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, little ? 1 : 2]);
    expect(view.getUint16(18, little)).toBe(host.identity.machine);
    const segments = [0, 1, 2].map((index) => {
      const at = wide ? 64 + 56 * index : 52 + 32 * index;
      const address = (narrow: number, wideOffset: number) =>
        wide ? Number(view.getBigUint64(at + wideOffset, little)) : view.getUint32(at + narrow, little);
      return {
        type: view.getUint32(at, little),
        flags: view.getUint32(at + (wide ? 4 : 24), little),
        offset: address(4, 8),
        address: address(8, 16),
        size: address(16, 32),
        alignment: address(28, 48),
      };
    });
    const [text, data, stack] = segments;
    expect(text).toMatchObject({ type: 1, flags: 5, offset: 0, address: 0x40_0000, alignment: 0x1_0000 });
    expect(text?.size).toBeLessThanOrEqual(dataOffset);
    expect(data).toEqual({
      type: 1,
      flags: 6,
      offset: dataOffset,
      address: dataAddress,
      size: file.length - dataOffset,
      alignment: 0x1_0000,
    });
    expect(stack).toMatchObject({ type: 0x6474_e551, flags: 6 });
  });

  test('contains the code, small and the same each time', () => {
    const file = buildLauncher(host, executeProgram());
    expect(Buffer.from(file).includes(Buffer.from(host.code))).toBe(true);
    expect(file.length).toBeLessThan(2048);
    expect(buildLauncher(host, executeProgram())).toEqual(file);
  });

  test('has a number of its own for each call', () => {
    const numbers = systemCalls.map((call) => systemCallNumber(host.numbering, call));
    expect(numbers.every((number) => Number.isInteger(number) && number >= 0)).toBe(true);
    expect(new Set(numbers).size).toBe(systemCalls.length);
  });

  test('extends the sign of negative arguments', () => {
    const { operands } = recordOf(host, [-100, 5, 0xffff_ffff]);
    const bits = wordSizeOf(host) * 8;
    expect(operands.slice(0, 3)).toEqual([
      { mode: operandMode.value, word: BigInt.asUintN(bits, -100n) },
      { mode: operandMode.value, word: 5n },
      { mode: operandMode.value, word: 0xffff_ffffn },
    ]);
  });

  test('passes the flags of clone where the host wants them', () => {
    const { operands } = recordOf(host, [17], 'clone');
    expect(operands.slice(0, 2).map(({ word }) => word)).toEqual(
      host.name === 's390x' ? [0n, 17n] : [17n, 0n],
    );
  });
});

test('goes on with the following step, at labels, and to the report', () => {
  const file = buildLauncher(x86_64, {
    steps: [
      step({ label: 'first' }),
      step({ next: 'first', onError: 'ignore' }),
      step({ when: { equals: 7, goTo: 'last' }, onError: { goTo: 'first' } }),
      step({ label: 'last', when: { equals: { variable: 'x' }, goTo: 'first' } }),
    ],
  });
  const [end, report] = [4, 5];
  expect([0, 1, 2, 3].map((index) => branches(file, index))).toEqual([
    { whenEqual: 1, otherwise: 1, onError: report },
    { whenEqual: 0, otherwise: 0, onError: 0 },
    { whenEqual: 3, otherwise: 3, onError: 0 },
    { whenEqual: 0, otherwise: end, onError: report },
  ]);
});

test('places equal strings and the same bytes once', () => {
  const bytes = new Uint8Array(64).fill(7);
  const size = (args: readonly Argument[]) =>
    buildLauncher(x86_64, { steps: [{ call: 'write', arguments: args }] }).length;
  expect(size(['twice', 'twice'])).toBe(size(['twice']));
  expect(size([bytes, bytes])).toBe(size([bytes]));
  expect(size([bytes, bytes.slice()])).toBe(size([bytes]) + 64);
});

test('places strings as UTF-8 with NUL', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).filter((text) => !text.includes('\0')),
      (text) => {
        const file = buildLauncher(x86_64, { steps: [{ call: 'write', arguments: [text] }] });
        expect(Buffer.from(file).includes(Buffer.from(`\0${text}\0`))).toBe(true);
      },
    ),
  );
});

test.each<[string, Program, string]>([
  ['an unknown label', program({ next: 'nowhere' }), "no step has the label 'nowhere'"],
  [
    'an unknown label after an error',
    program({ onError: { goTo: 'nowhere' } }),
    "no step has the label 'nowhere'",
  ],
  [
    'an unknown label in a condition',
    program({ when: { equals: 0, goTo: 'x' } }),
    "no step has the label 'x'",
  ],
  [
    'a doubled label',
    { steps: [step({ label: 'a' }), step({ label: 'a' })] },
    "label 'a' stands at two steps",
  ],
  [
    'seven arguments',
    program({ arguments: [1, 2, 3, 4, 5, 6, 7] }),
    'getpid takes at most 6 arguments here, not 7',
  ],
  [
    'more than flags for clone',
    program({ call: 'clone', arguments: [17, 0] }),
    'clone takes at most 1 arguments',
  ],
  ['a string with NUL', program({ arguments: ['a\0b'] }), 'contains NUL: "a\\u0000b"'],
  [
    'a number that is not exact',
    program({ arguments: [Number.MAX_SAFE_INTEGER + 1] }),
    'does not fit into the 64 bits',
  ],
])('a program with %s cannot be built', (_, wrong, message) => {
  expect(() => buildLauncher(x86_64, wrong)).toThrow(message);
});

test('a number of 33 bits does not fit where words have 32', () => {
  const i386 = launcherHosts.find(({ name }) => name === 'i386')!;
  expect(() => recordOf(i386, [2 ** 32])).toThrow('does not fit into the 32 bits of an argument on i386');
});

function step(parts: Partial<Step>): Step {
  return { call: 'getpid', arguments: [], ...parts };
}

function program(parts: Partial<Step>): Program {
  return { steps: [step(parts)] };
}

/** The words of a step's record in the file. */
function record(host: LauncherHost, file: Uint8Array, index: number): bigint[] {
  const wordSize = wordSizeOf(host);
  const start = dataOffset + Math.ceil(stateSize(wordSize) / 8) * 8 + index * stepWords.count * wordSize;
  const view = new DataView(file.buffer);
  const little = host.identity.endianness === 'little';
  return Array.from({ length: stepWords.count }, (_, word) =>
    wordSize === 8
      ? view.getBigUint64(start + 8 * word, little)
      : BigInt(view.getUint32(start + 4 * word, little)),
  );
}

function recordOf(host: LauncherHost, args: readonly Argument[], call: Step['call'] = 'write') {
  const words = record(host, buildLauncher(host, { steps: [{ call, arguments: args }] }), 0);
  const operands = Array.from({ length: 7 }, (_, index) => ({
    mode: Number(words[stepWords.operands + 2 * index]),
    word: words[stepWords.operands + 2 * index + 1],
  }));
  return { operands };
}

/** Where a step goes on, as the indices of steps. */
function branches(file: Uint8Array, index: number) {
  const words = record(x86_64, file, index);
  const first = dataAddress + stateSize(8);
  const target = (word: number) => (Number(words[word]) - first) / (stepWords.count * 8);
  return {
    whenEqual: target(stepWords.whenEqual),
    otherwise: target(stepWords.otherwise),
    onError: target(stepWords.onError),
  };
}
