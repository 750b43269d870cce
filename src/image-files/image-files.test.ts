import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openImageFiles, readText } from './image-files.ts';

let directory: string;
let path: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-files-'));
  path = join(directory, 'archive.tar');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

type Member =
  readonly [name: string, text: string] | readonly [name: string, type: 'link' | 'symlink', to: string];

async function write(...members: readonly Member[]): Promise<void> {
  const archive = pack();
  for (const [name, what, to] of members) {
    const header: Header & { name: string } = { name } as Header;
    if (to === undefined) archive.entry(header, what);
    else archive.entry({ ...header, type: what as 'link', linkname: to });
  }
  archive.finalize();
  await writeFile(path, archive as AsyncIterable<Uint8Array>);
}

it('reads files and what leads to them', async () => {
  await write(['a/file', 'text'], ['b/symlink', 'symlink', '../a/file'], ['link', 'link', 'a/file']);
  const files = await openImageFiles(path);
  for (const name of ['a/file', 'b/symlink', 'link']) expect(await readText(files, name)).toBe('text');
  expect(files.has('a')).toBe(false);
});

it.each<[string, Member[]]>([
  [
    'two files',
    [
      ['index.json', 'a'],
      ['./index.json', 'b'],
    ],
  ],
  [
    'a link and a file',
    [
      ['index.json', 'link', 'other'],
      ['index.json', 'b'],
    ],
  ],
  [
    'a file and a symlink',
    [
      ['index.json', 'a'],
      ['index.json', 'symlink', 'other'],
    ],
  ],
])('refuses %s of one name, of which others would read the other one', async (_, members) => {
  await write(...members);
  await expect(openImageFiles(path)).rejects.toMatchObject({
    code: 'ANYARCH_IMAGE_INVALID',
    message: `${path} cannot be used: it has "index.json" twice`,
  });
});

it.each<[string, () => void]>([
  [
    'it is a tar archive that is cut off or damaged',
    () => {
      truncateSync(path, 700);
    },
  ],
  [
    'it is a tar archive that is cut off or damaged',
    () => {
      truncateSync(path, 512 + 512 + 100);
    },
  ],
  [
    'it is packed with gzip; unpack it first: gzip -d',
    () => {
      writeFileSync(path, gzipSync(readFileSync(path)));
    },
  ],
  [
    'it is neither a directory nor a tar archive',
    () => {
      writeFileSync(path, 'no tar'.repeat(1000));
    },
  ],
])('says that %s', async (what, spoil) => {
  await write(['file', 'x'.repeat(500)], ['other', 'y'.repeat(500)]);
  spoil();
  await expect(openImageFiles(path)).rejects.toMatchObject({
    code: 'ANYARCH_IMAGE_INVALID',
    message: `${path} cannot be used: ${what}`,
  });
});
