import { expect, it } from 'vitest';
import { concatBytes } from '../../core/bytes.ts';
import { encodeUtf8 } from '../../core/text.ts';
import { leaveLongLogarithms } from './llvm.ts';

const name = encodeUtf8('\0logf128\0');
/** As Debian's LLVM 19 has it, with other distances. */
const decision = Uint8Array.from(
  ['0fb64f08 83f905 0f85 dd090000 4181ffd4000000 0f85 7a090000', '4889f7 e8b8f59ffe e803429 4fe e80e4294fe']
    .join('')
    .replaceAll(' ', '')
    .match(/../g)
    ?.map((byte) => Number.parseInt(byte, 16)) ?? [],
);
const around = new Uint8Array(5).fill(0xcc);

it('the decision about logarithms of 128 bits becomes the one of a build without them', () => {
  const bytes = concatBytes([name, around, decision, around]);
  const before = bytes.slice();
  leaveLongLogarithms(bytes);
  const at = name.length + around.length + 7;
  expect([...bytes.subarray(at, at + 2)]).toEqual([0x90, 0xe9]);
  bytes.set([0x0f, 0x85], at);
  expect(bytes).toEqual(before);
});

it('a build without them stays as it is', () => {
  const bytes = concatBytes([around, decision]);
  const before = bytes.slice();
  leaveLongLogarithms(bytes);
  expect(bytes).toEqual(before);
});

it.each<[string, readonly Uint8Array[]]>([
  ['code that is not there', []],
  ['code that is there twice', [decision, decision]],
  ['code that goes on otherwise', [decision.map((byte, index) => (index === 39 ? 0xe9 : byte))]],
  ['code that is cut off', [decision.subarray(0, 30)]],
])('%s is left alone, and the tool out', (_, code) => {
  const bytes = concatBytes([name, ...code]);
  const before = bytes.slice();
  expect(() => {
    leaveLongLogarithms(bytes);
  }).toThrowWithCode('ANYARCH_TOOL_UNADAPTABLE');
  expect(bytes).toEqual(before);
});
