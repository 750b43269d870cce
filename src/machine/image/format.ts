import type { ByteSource } from '../../core/byte-source.ts';
import { encodeUtf8 } from '../../core/text.ts';

export type DiskFormat =
  | { readonly kind: 'qcow2' | 'raw' }
  | { readonly kind: 'compressed'; /** As it ends file names. */ readonly ending: 'gz' | 'xz' | 'zst' }
  /** `what`: for people. */
  | { readonly kind: 'other'; readonly what: string; readonly hint: string };

const convert = (format: string): string =>
  `convert it first: qemu-img convert -f ${format} -O qcow2 IMAGE IMAGE.qcow2`;

const signatures: readonly {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly format: DiskFormat;
}[] = [
  { at: 0, bytes: Uint8Array.of(0x51, 0x46, 0x49, 0xfb), format: { kind: 'qcow2' } },
  { at: 0, bytes: Uint8Array.of(0x1f, 0x8b), format: { kind: 'compressed', ending: 'gz' } },
  {
    at: 0,
    bytes: Uint8Array.of(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0),
    format: { kind: 'compressed', ending: 'xz' },
  },
  { at: 0, bytes: Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd), format: { kind: 'compressed', ending: 'zst' } },
  { at: 0, bytes: encodeUtf8('BZh'), format: other('compressed with bzip2', 'unpack it first: bunzip2') },
  { at: 0, bytes: encodeUtf8('KDMV'), format: other('a disk of VMware', convert('vmdk')) },
  { at: 0, bytes: encodeUtf8('# Disk Descriptor'), format: other('a disk of VMware', convert('vmdk')) },
  { at: 0, bytes: encodeUtf8('vhdxfile'), format: other('a disk of Hyper-V', convert('vhdx')) },
  { at: 0, bytes: encodeUtf8('conectix'), format: other('a disk of Virtual PC', convert('vpc')) },
  {
    at: 64,
    bytes: Uint8Array.of(0x7f, 0x10, 0xda, 0xbe),
    format: other('a disk of VirtualBox', convert('vdi')),
  },
  {
    at: 0,
    bytes: encodeUtf8('PK\u0003\u0004'),
    format: other('a ZIP archive', 'unpack the disk that is in it'),
  },
  { at: 257, bytes: encodeUtf8('ustar'), format: other('a tar archive', 'unpack the disk that is in it') },
  {
    at: 0x8001,
    bytes: encodeUtf8('CD001'),
    format: other(
      'an installation medium, no installed system',
      'take the cloud image of the distribution, which is called "cloud", "genericcloud" or "server-cloudimg"',
    ),
  },
  {
    at: 0,
    bytes: encodeUtf8('<'),
    format: other('a web page', 'the address leads to a page about the image: take that of the file'),
  },
];

/** What a file is, by what it begins with; names are not looked at. */
export function formatOf(file: ByteSource): DiskFormat {
  const found = signatures.find(({ at, bytes }) => startsWith(file.read(at, bytes.length), bytes));
  if (found !== undefined) return found.format;
  const boot = file.read(0, 1024);
  const hasTable = boot[510] === 0x55 && boot[511] === 0xaa;
  if (hasTable || startsWith(boot.subarray(512), encodeUtf8('EFI PART'))) return { kind: 'raw' };
  return other('no disk image that anyarch knows', 'cloud images are qcow2, or raw with a partition table');
}

function other(what: string, hint: string): DiskFormat {
  return { kind: 'other', what, hint };
}

function startsWith(bytes: Uint8Array, wanted: Uint8Array): boolean {
  return wanted.every((byte, index) => bytes[index] === byte);
}
