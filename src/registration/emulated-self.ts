import { findArchitecture } from '../core/architecture.ts';
import { AnyarchError } from '../core/error.ts';
import type { EmulatedSelf } from './native.ts';

/**
 * Why nothing is registered by a program that is emulated itself, such as one of an arm64 image on an x86-64 machine:
 * its emulators are for its own architecture, and one for the machine's would take every program of the machine.
 *
 * @param native what runs without an emulator, by QEMU's names
 * @param path of the table
 */
export function emulatedSelfError(
  { architecture, hiddenBy }: EmulatedSelf,
  native: ReadonlySet<string>,
  path: string,
): AnyarchError {
  const own = platformOf(architecture);
  if (hiddenBy !== undefined) {
    return new AnyarchError(
      'ANYARCH_HOST_UNSUPPORTED',
      `nothing was registered: the entry ${hiddenBy} takes every program for ${own}, so it cannot be told whether this machine runs them itself`,
      {
        hint: `switch it off while this runs: echo 0 > ${path}/${hiddenBy}; then echo 1 > ${path}/${hiddenBy}`,
      },
    );
  }
  // An x86-64 machine runs 32-bit programs, too, and is not meant by them.
  const others = [...native].sort((a, b) => bitsOf(b) - bitsOf(a)).map(platformOf);
  const [platform = 'the one of this machine'] = others;
  return new AnyarchError(
    'ANYARCH_HOST_UNSUPPORTED',
    `nothing was registered: this program is for ${own} and runs under an emulator itself` +
      (others.length === 0 ? '' : `; this machine runs ${others.join(', ')}`),
    {
      hint:
        `use the image for this machine: docker run --platform ${platform} …` +
        ' (DOCKER_DEFAULT_PLATFORM may be set), or on a host the program for it',
      details: { own, native: others },
    },
  );
}

function bitsOf(architecture: string): number {
  return findArchitecture(architecture).elf.class;
}

function platformOf(architecture: string): string {
  return findArchitecture(architecture).platforms[0] ?? architecture;
}
