import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { extract, type Header } from 'tar-stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { arranged, directory, textFile, type LayerEntry } from '../content/entry.ts';
import { layerIdentity } from '../content/layer.ts';
import { layerMembers, tarOf } from './tar.ts';

async function packed(entries: readonly LayerEntry[]): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of tarOf(layerMembers(arranged(entries)))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function unpacked(tar: Buffer): Promise<{ header: Header; text: string }[]> {
  const extractor = extract();
  extractor.end(tar);
  const members: { header: Header; text: string }[] = [];
  for await (const entry of extractor) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk);
    members.push({ header: entry.header, text: Buffer.concat(chunks).toString() });
  }
  return members;
}

const names = fc.stringMatching(/^[a-z][a-z0-9._-]{0,30}$/);
const paths = fc.array(names, { minLength: 1, maxLength: 4 }).map((parts) => `root/${parts.join('/')}`);
// A path that is another one's directory would be two things at once.
const files = fc
  .uniqueArray(fc.record({ path: paths, text: fc.string() }), { selector: ({ path }) => path, maxLength: 12 })
  .map((list) => list.map(({ path, text }, position) => textFile(`${path}/${position}.txt`, text)));

describe('the tar of a layer', () => {
  it('has the same bytes whatever the order of its entries, and all of them', async () => {
    await fc.assert(
      fc.asyncProperty(files, async (entries) => {
        const tar = await packed(entries);
        expect((await packed([...entries].reverse())).equals(tar)).toBe(true);
        expect(layerIdentity({ what: '', entries: [...entries].reverse() })).toBe(
          layerIdentity({ what: 'x', entries }),
        );
        const members = await unpacked(tar);
        const found = members
          .filter(({ header }) => header.type === 'file')
          .map(({ header, text }) => [header.name, text]);
        const wanted = entries.map((entry) => [entry.path, textOf(entry)]);
        expect(found.sort()).toEqual(wanted.sort());
        for (const { header } of members)
          expect(header).toMatchObject({ uid: 0, gid: 0, uname: 'root', gname: 'root', mtime: new Date(0) });
      }),
      { numRuns: 50 },
    );
  });

  it('has every directory before what is in it, and links behind files', async () => {
    const members = await unpacked(
      await packed([
        { kind: 'link', path: 'a/link', target: 'z/file' },
        textFile('z/file', 'text'),
        { kind: 'symlink', path: 'b', target: '/z' },
        directory('tmp', 0o1777),
      ]),
    );
    expect(members.map(({ header }) => [header.name, header.type, header.mode.toString(8)])).toEqual([
      ['a/', 'directory', '755'],
      ['b', 'symlink', '777'],
      ['tmp/', 'directory', '1777'],
      ['z/', 'directory', '755'],
      ['z/file', 'file', '644'],
      ['a/link', 'link', '755'],
    ]);
  });
});

describe('files of the disk', () => {
  let place: string;
  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), 'anyarch-tar-'));
  });
  afterAll(() => {
    rmSync(place, { recursive: true });
  });

  it.each([
    ['another content', 'Text'],
    ['too little', 'tex'],
    ['too much', 'text and more'],
  ])('are refused with %s', async (_, actual) => {
    const file = join(place, 'file');
    writeFileSync(file, actual);
    const sha256 = createHash('sha256').update('text').digest('hex');
    const entry: LayerEntry = {
      kind: 'file',
      path: 'file',
      mode: 0o755,
      content: { kind: 'disk', file, size: 4, sha256 },
    };
    await expect(packed([entry])).rejects.toHaveProperty('code', 'ANYARCH_DIGEST_MISMATCH');
    writeFileSync(file, 'text');
    expect((await unpacked(await packed([entry])))[0]?.text).toBe('text');
  });
});

function textOf(entry: LayerEntry): string {
  return entry.kind === 'file' && entry.content.kind === 'text' ? entry.content.text : '';
}
