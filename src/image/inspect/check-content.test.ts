import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { checkContent } from './check-content.ts';

async function check(bytes: Uint8Array, compression: 'zstd' | 'gzip' | 'found', maximum?: number) {
  const { unpacked } = await checkContent(Readable.from(piecesOf(bytes)), compression, maximum);
  return unpacked;
}

function piecesOf(bytes: Uint8Array): Uint8Array[] {
  return Array.from({ length: Math.ceil(bytes.length / 7) }, (_, n) => bytes.subarray(7 * n, 7 * n + 7));
}

const blockSize = 128 * 1024;
const magic = [0x28, 0xb5, 0x2f, 0xfd];

/**
 * A frame as streaming compressors make them, which does not say how much it unpacks to: blocks of one repeated byte
 * (RFC 8878, section 3.1.1).
 */
function zstdFrame(blocks: number, windowLog = 20): Uint8Array {
  const descriptors = [0, (windowLog - 10) << 3];
  const content = Array.from({ length: blocks }, (_, n) => {
    const header = (n === blocks - 1 ? 1 : 0) | (1 << 1) | (blockSize << 3);
    return [header & 0xff, (header >> 8) & 0xff, header >> 16, 0x61];
  });
  return Uint8Array.from([...magic, ...descriptors, ...content.flat()]);
}

function digestOf(size: number): string {
  return `sha256:${createHash('sha256').update('a'.repeat(size)).digest('hex')}`;
}

describe('layers with zstd', () => {
  it.each([1, 3 * 8 + 1])('may leave out how much they unpack to: %i blocks', async (blocks) => {
    const size = blocks * blockSize;
    const found = { size, digest: digestOf(size) };
    expect(await check(zstdFrame(blocks), 'zstd')).toEqual(found);
    expect(await check(zstdFrame(blocks), 'found')).toEqual(found);
  });

  it('may have several frames, and some to be skipped', async () => {
    const skipped = [0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3];
    const frames = Uint8Array.from([...skipped, ...zstdFrame(1), ...skipped, ...zstdFrame(2), ...skipped]);
    expect(await check(frames, 'zstd')).toEqual({ size: 3 * blockSize, digest: digestOf(3 * blockSize) });
  });

  it('are not looked into where that would take gigabytes of memory', async () => {
    expect(await check(zstdFrame(1, 31), 'zstd')).toBeUndefined();
    expect(await check(zstdFrame(1, 40), 'zstd')).toBeUndefined();
  });

  it.each([
    ['cut off', zstdFrame(2).subarray(0, 10)],
    ['something else', Buffer.from('no frame at all')],
  ])('are damaged when they are %s', async (_, bytes) => {
    expect(await check(bytes, 'zstd')).toHaveProperty('problem');
  });

  it('are given up when they unpack to more than any layer has', async () => {
    expect(await check(zstdFrame(9), 'zstd', 2 ** 20)).toEqual({
      problem: 'it unpacks to more than 1048576 bytes',
    });
  });
});

it('finds gzip by its first bytes', async () => {
  expect(await check(gzipSync('aa'), 'found')).toEqual({ size: 2, digest: digestOf(2) });
});
