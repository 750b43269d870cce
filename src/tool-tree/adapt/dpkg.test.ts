import { describe, expect, it } from 'vitest';
import { openImage } from '../elf/image.ts';
import { buildLinkedImage } from '../elf/testing/linked-image.ts';
import { adaptDpkg } from './dpkg.ts';

const program = (architecture: string, further: readonly string[] = []): Uint8Array =>
  buildLinkedImage({
    class: 64,
    endianness: 'little',
    data: ['other', architecture, `1.22.22 (${architecture})`, `${architecture}-not-this`, ...further].map(
      (text, index) => ({ name: `text ${index}`, parts: [text] }),
    ),
  }).bytes;

function adapted(host: string, guest: string, native = program(host), of = program(guest)): string {
  adaptDpkg({
    native: openImage(native),
    guest: openImage(of),
    debian: { host, guest },
    directory: '/dev/.anyarch/abc234',
  });
  return Buffer.from(native).toString('latin1');
}

describe('adaptDpkg', () => {
  it.each(['arm64', 'armhf', 's390x', 'i386'])('gives it the architecture of the guest, %s', (guest) => {
    const native = program('amd64');
    const result = adapted('amd64', guest, native);
    expect(result).toContain(`\0${guest}\0`);
    expect(result).toContain(`\x001.22.22 (${guest})\0`);
    expect(result).not.toMatch(/\0amd64\0|\(amd64\)/);
    // What only begins so is another text.
    expect(result).toContain('amd64-not-this');
    expect(result).toHaveLength(program('amd64').length);
  });

  it.each<[string, string, Uint8Array?, Uint8Array?]>([
    ['a name that is longer', 'riscv64'],
    ['a native program that names it twice', 'arm64', program('amd64', ['amd64'])],
    ['a native program of another kind', 'arm64', program('armhf')],
    ['a program of the guest that names another one', 'arm64', program('amd64'), program('armhf')],
    ['a program of the guest that names it twice', 'arm64', program('amd64'), program('arm64', ['arm64'])],
  ])('refuses %s', (_, guest, native, of) => {
    expect(() => adapted('amd64', guest, native, of)).toThrowWithCode('ANYARCH_TOOL_UNADAPTABLE');
  });
});
