import { encodeUtf8 } from '../../core/text.ts';
import { placesOf } from '../elf/image.ts';
import { unadaptable } from '../elf/unadaptable.ts';

/**
 * LLVM 19 of Debian's amd64 was configured with libm's `logf128`, and works out the logarithm of a constant of 128 bits itself (to 64 bits
 * only); that of arm64, whose `long double` this is, was configured without and leaves the call in the program. In
 * `ConstantFoldScalarCall1` a comparison decides: `if (Ty->isFP128Ty())`. The jump over what follows is made unconditional:
 *
 *     movzbl 8(%rdi), %ecx; cmp $5, %ecx; jne OVER; cmp $intrinsic, %r15d; jne …; mov %rsi, %rdi; call convertToQuad; call logf128@plt
 *
 * @throws AnyarchError ANYARCH_TOOL_UNADAPTABLE when the code is another
 */
export function leaveLongLogarithms(bytes: Uint8Array): void {
  if (placesOf(bytes, encodeUtf8('\0logf128\0')).length === 0) return;
  const places = placesOf(bytes, Uint8Array.from(comparison)).filter((place) =>
    rest.every(([offset, byte]) => bytes[place + offset] === byte),
  );
  const [place] = places;
  if (place === undefined || places.length > 1)
    throw unadaptable(`LLVM decides ${places.length} times, not once, about logarithms of 128 bits`);
  // nop; jmp: as long as jne, and relative to the same end.
  bytes.set([0x90, 0xe9], place + jump);
}

/** From `movzbl` to the two bytes of `jne`, whose distance follows. */
const comparison = [0x0f, 0xb6, 0x4f, 0x08, 0x83, 0xf9, 0x05, 0x0f, 0x85];
const jump = 7;

/** What follows the distance, by offset from the beginning; distances are left out. */
const rest: readonly (readonly [offset: number, byte: number])[] = [
  ...([0x41, 0x81, 0xff] as const).map((byte, index) => [13 + index, byte] as const),
  ...([0x0f, 0x85] as const).map((byte, index) => [20 + index, byte] as const),
  ...([0x48, 0x89, 0xf7, 0xe8] as const).map((byte, index) => [26 + index, byte] as const),
  [34, 0xe8],
  [39, 0xe8],
];
