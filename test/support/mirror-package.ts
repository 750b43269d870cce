import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { storeXz } from './mirror-xz.ts';

export type TarEntry = Partial<Header> & { readonly name: string; readonly content?: Uint8Array | string };

export async function buildTar(entries: readonly TarEntry[]): Promise<Buffer> {
  const tar = pack();
  for (const { content, ...header } of entries) {
    if (content === undefined) tar.entry({ mode: 0o755, ...header });
    else tar.entry({ mode: 0o755, ...header }, Buffer.from(content));
  }
  tar.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of tar as AsyncIterable<unknown> as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export function buildAr(members: readonly (readonly [name: string, content: Uint8Array])[]): Buffer {
  const parts: Uint8Array[] = [Buffer.from('!<arch>\n')];
  for (const [name, content] of members) {
    const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(content.length).padEnd(10)}\`\n`;
    parts.push(Buffer.from(header), content, Buffer.from(content.length % 2 === 0 ? '' : '\n'));
  }
  return Buffer.concat(parts);
}

export const compressions = {
  xz: storeXz,
  gz: (content: Uint8Array) => gzipSync(content),
  none: (content: Uint8Array) => content,
} as const;

/** A .deb whose data are these entries, as dpkg-deb would order them only if the caller does. */
export async function buildDeb(
  entries: readonly TarEntry[],
  compression: keyof typeof compressions = 'xz',
): Promise<Buffer> {
  return buildDebOf(await buildTar(entries), compression);
}

export function buildDebOf(tar: Uint8Array, compression: keyof typeof compressions = 'xz'): Buffer {
  const ending = compression === 'none' ? '' : `.${compression}`;
  return buildAr([
    ['debian-binary', Buffer.from('2.0\n')],
    ['control.tar.xz', Buffer.from('not looked at')],
    [`data.tar${ending}`, compressions[compression](tar)],
  ]);
}

/** What an emulator for x86_64 hosts looks like to whoever reads its headers and its version. Not executable code. */
export function fakeEmulator(target: string, version: string, packageVersion: string, padding = 0): Buffer {
  const text = `\0qemu-${target} version ${version} (Debian ${packageVersion})\n\0`;
  return Buffer.concat([
    staticProgram({ machine: 62, class: 64 }),
    Buffer.from(text),
    incompressible(padding, target),
  ]);
}

/** Headers of a static little-endian program with one segment. */
export function staticProgram({ machine, class: bits }: { machine: number; class: 32 | 64 }): Buffer {
  const wide = bits === 64;
  const [headerSize, segmentSize] = wide ? [64, 56] : [52, 32];
  const bytes = Buffer.alloc(headerSize + segmentSize);
  Buffer.from([0x7f, 0x45, 0x4c, 0x46, wide ? 2 : 1, 1, 1]).copy(bytes);
  bytes.writeUInt16LE(2, 16);
  bytes.writeUInt16LE(machine, 18);
  bytes.writeUInt32LE(1, 20);
  bytes.writeUInt32LE(headerSize, wide ? 32 : 28);
  const tail = wide ? 52 : 40;
  [headerSize, segmentSize, 1].forEach((value, index) => bytes.writeUInt16LE(value, tail + 2 * index));
  bytes.writeUInt32LE(1, headerSize);
  return bytes;
}

function incompressible(length: number, seed: string): Buffer {
  return length === 0
    ? Buffer.alloc(0)
    : createHash('shake256', { outputLength: length }).update(seed).digest();
}
