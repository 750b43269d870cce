import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { digestOfHex } from '../../core/oci/digest.ts';
import { flowLayer } from './layer-stream.ts';

let directory: string;
const content = randomBytes(5_000_000);

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-layer-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

/** What a layer's file unpacks to, and how much of it was read. */
async function flow(packed: Buffer, size = packed.length): Promise<{ tar: Buffer; read: number }> {
  const path = join(directory, 'layer');
  writeFileSync(path, packed);
  const pieces: Buffer[] = [];
  let read = 0;
  await flowLayer(
    { path, offset: 0, size, diffId: digestOfHex(createHash('sha256').update(content).digest('hex')) },
    {
      take: (piece) => {
        pieces.push(Buffer.from(piece));
      },
      count: (soFar) => {
        read = soFar;
      },
    },
  );
  return { tar: Buffer.concat(pieces), read };
}

it.each([
  ['as it is', content],
  ['with gzip', gzipSync(content)],
  [
    'with gzip in two members',
    Buffer.concat([gzipSync(content.subarray(0, 99)), gzipSync(content.subarray(99))]),
  ],
  ['with gzip and padding', Buffer.concat([gzipSync(content), Buffer.alloc(3_000_000)])],
])('unpacks a layer %s', async (_, packed) => {
  expect((await flow(packed)).tar.equals(content)).toBe(true);
});

it('tells of a file that is shorter than it should be, packed or not', async () => {
  for (const packed of [content, Buffer.concat([gzipSync(content), Buffer.alloc(3_000_000)])])
    await expect(flow(packed, packed.length + 1)).rejects.toThrow('ended early');
  await expect(flow(gzipSync(content).subarray(0, -100))).rejects.toThrowWithCode('ANYARCH_IMAGE_INVALID');
});
