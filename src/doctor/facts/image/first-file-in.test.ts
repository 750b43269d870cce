import fc from 'fast-check';
import { pack } from 'tar-stream';
import { expect, test } from 'vitest';
import { firstFileIn } from './first-file-in.ts';

async function archiveOf(
  header: Parameters<ReturnType<typeof pack>['entry']>[0],
  content: Uint8Array,
): Promise<Uint8Array> {
  const archive = pack();
  archive.entry(header, Buffer.from(content));
  archive.finalize();
  const pieces: Buffer[] = [];
  for await (const piece of archive) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

const content = new Uint8Array(5000).fill(7);

test.each([
  ['plain', { name: 'sh' }],
  ['of a name that takes a header of its own', { name: `${'d'.repeat(200)}/${'é'.repeat(100)}` }],
] as const)('reads a file, %s', async (_, header) => {
  const archive = await archiveOf({ ...header, mode: 0o755 }, content);
  expect([...(firstFileIn(archive) ?? [])]).toEqual([...content]);
});

test('reads the beginning of a file whose archive is cut off', async () => {
  const archive = await archiveOf({ name: 'sh' }, content);
  expect(firstFileIn(archive.subarray(0, 612))).toHaveLength(100);
});

test('takes a directory and an empty archive for no file', async () => {
  const archive = await archiveOf({ name: 'sh', type: 'directory' }, new Uint8Array());
  expect(firstFileIn(archive)).toBeUndefined();
  expect(firstFileIn(new Uint8Array())).toBeUndefined();
});

test('reads sizes of more than eleven octal digits', async () => {
  const archive = new Uint8Array(await archiveOf({ name: 'sh' }, content));
  archive.set([0x80, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0], 124);
  expect(firstFileIn(archive.subarray(0, 1024))).toHaveLength(512);
});

test('ends with whatever it is given', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 4096 }), (bytes) => {
      expect((firstFileIn(bytes) ?? bytes).length).toBeLessThanOrEqual(bytes.length);
    }),
  );
});
