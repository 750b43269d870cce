import { describe, expect, it } from 'vitest';
import { openImage } from '../elf/image.ts';
import { buildLinkedImage } from '../elf/testing/linked-image.ts';
import type { ImageData, LinkedImage } from '../elf/testing/linked-image.ts';
import { adaptDriver } from './driver.ts';
import { readSpecs } from './spec-table.ts';

type Specs = Readonly<Record<string, string>>;

const configuration =
  '../src/configure -v --enable-multiarch --target=t --enable-shared --enable-linker-build-id';
const crossSpecs: Specs = {
  endfile: 'crtend.o%s',
  startfile: 'crt1.o%s',
  cross_compile: '1',
  linker: 'collect2',
};
const guestSpecs: Specs = { ...crossSpecs, endfile: 'crtend.o%s crtoffloadend%O%s', cross_compile: '0' };

interface Driver {
  readonly kind?: Pick<LinkedImage, 'class' | 'endianness'>;
  readonly specs: Specs;
  readonly configured?: string;
  readonly root?: string;
  readonly extra?: readonly ImageData[];
}

function driver({ kind = x86, specs, configured = configuration, root, extra = [] }: Driver): Uint8Array {
  const names = Object.keys(specs);
  const length = (name: string): Uint8Array => {
    const bytes = new Uint8Array(8);
    bytes[kind.endianness === 'little' ? 0 : 3] = name.length;
    return bytes;
  };
  const data: ImageData[] = [
    ...names.map((name) => ({ name: `name ${name}`, parts: [name] })),
    ...Object.entries(specs).map(([name, text]) => ({ name: `text ${name}`, parts: [text] })),
    { name: 'root', parts: ['/'] },
    { name: 'configuration', parts: [configured] },
    ...names
      .slice(0, -1)
      .map((name) => ({ name: `variable ${name}`, parts: [{ pointerTo: `text ${name}` }] })),
    { name: 'system root', parts: [{ pointerTo: root }] },
    ...names.slice(-1).map((name) => ({ name: `variable ${name}`, parts: [{ pointerTo: `text ${name}` }] })),
    {
      name: 'table',
      parts: names.flatMap((name) => [
        { pointerTo: `name ${name}` },
        { pointerTo: undefined },
        { pointerTo: `variable ${name}` },
        { pointerTo: undefined },
        length(name),
        { pointerTo: undefined },
      ]),
    },
    ...extra,
  ];
  return buildLinkedImage({ ...kind, data }).bytes;
}

const x86 = { class: 64, endianness: 'little' } as const;
const crossTexts: readonly ImageData[] = [
  { name: 'prefixes', parts: ['', '/usr/libexec/gcc-cross/', '/usr/lib/gcc-cross/', ''] },
  { name: 'fortran', parts: ['', '/usr/lib/gcc-cross/t/14/include/finclude/', ''] },
  {
    name: 'constant',
    parts: [Buffer.from('/usr/lib/gcc-cro%(sys'), Uint8Array.of(0xc7, 0x43, 0x10, 0x73, 0x73, 0x2f, 0)],
  },
];
const cross = (change: Partial<Driver> = {}): Uint8Array =>
  driver({
    specs: crossSpecs,
    configured: `${configuration} --with-sysroot=/`,
    root: 'root',
    extra: crossTexts,
    ...change,
  });

describe.each([
  ['arm64', { class: 64, endianness: 'little' }],
  ['armhf', { class: 32, endianness: 'little' }],
  ['s390x', { class: 64, endianness: 'big' }],
] as const)('a driver for %s', (_name, kind) => {
  it('gets the specs of the guest’s, native directories and no system root', () => {
    const bytes = cross();
    adaptDriver({
      native: openImage(bytes),
      guest: openImage(driver({ kind, specs: guestSpecs })),
      debian: { host: 'amd64', guest: 'arm64' },
      directory: '/dev/.anyarch/abc234',
    });
    expect(Object.fromEntries(readSpecs(openImage(bytes)).map(({ name, text }) => [name, text]))).toEqual(
      guestSpecs,
    );
    const text = Buffer.from(bytes).toString('latin1');
    expect(text).not.toMatch(/gcc-cro|configure/);
    for (const there of [
      '\0/usr/libexec/gcc/\0',
      '\0/usr/lib/gcc/\0',
      '/usr/lib/gcc/t/14/include/finclude/\0',
    ])
      expect(text).toContain(there);
    expect(text).toContain('/usr/lib/gcc////%(sys\u00c7C\u0010///\0');
    expect(text.length).toBe(cross().length);
  });
});

describe('refuses', () => {
  it.each<[string, Uint8Array, Uint8Array, RegExp]>([
    [
      'another spec',
      cross(),
      driver({ specs: { ...guestSpecs, linker: 'ld' } }),
      /differ in the spec linker/,
    ],
    ['other specs', cross(), driver({ specs: { ...guestSpecs, more: '' } }), /not have the same specs/],
    [
      'no table of specs',
      cross({ specs: { endfile: '' } }),
      driver({ specs: guestSpecs }),
      /0 tables of specs/,
    ],
    ['a guest with a system root', cross(), cross(), /system root/],
    ['no variable for it', cross({ root: 'configuration' }), driver({ specs: guestSpecs }), /0 variables/],
    [
      'other code',
      cross({ extra: crossTexts.slice(0, 2) }),
      driver({ specs: guestSpecs }),
      /not compiled as expected/,
    ],
    ['no prefixes', cross({ extra: [] }), driver({ specs: guestSpecs }), /0 times in the file/],
    [
      'texts that do not fit',
      cross(),
      driver({ specs: { ...guestSpecs, endfile: 'x'.repeat(200) } }),
      /no room/,
    ],
  ])('%s', (_name, native, guest, message) => {
    expect(() => {
      adaptDriver({
        native: openImage(native),
        guest: openImage(guest),
        debian: { host: 'amd64', guest: 'arm64' },
        directory: '/dev/.anyarch/abc234',
      });
    }).toThrow(message);
  });
});
