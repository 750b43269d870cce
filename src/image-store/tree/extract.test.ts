import { lstatSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { walkTree } from '../listing/walk.ts';
import { createTarReader } from '../tar/reader.ts';
import { modelOf, shownDirectory } from '../testing/layer-model.ts';
import type { Operation } from '../testing/layer-model.ts';
import { makeTar } from '../testing/tar-maker.ts';
import type { Member } from '../testing/tar-maker.ts';
import type { Launch } from '../worker/launcher.ts';
import { forNode } from './bytes-path.ts';
import { createExtractor } from './extract.ts';
import { createMeter, limitsFrom } from './limits.ts';
import { emptyDirectory } from './tree-files.ts';

const before = process.cwd();
let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-extract-'));
  process.chdir(directory);
});
afterEach(() => {
  process.chdir(before);
  rmSync(directory, { recursive: true });
});

const noLaunch: Launch = () => {
  throw new Error('nothing here needs a launcher');
};

/** Unpacks layers to the working directory and shows what is there, as `modelOf` does. */
function unpack(
  layers: readonly (readonly Member[])[],
  environment = {},
  launch: Launch = noLaunch,
): Record<string, string> {
  const extractor = createExtractor({
    launch,
    meter: createMeter(limitsFrom(environment)),
    isSingleId: true,
  });
  for (const members of layers) {
    const reader = createTarReader(extractor.layer());
    reader.push(makeTar(members));
    reader.end();
  }
  extractor.finish();
  const shown: Record<string, string> = {};
  for (const { path, kind, content, mode } of walkTree({ digest: () => '', xattrs: () => new Map() }))
    if (path !== '')
      shown[path] =
        kind === 'file'
          ? `file ${readFileSync(forNode(path), 'latin1')}`
          : kind === 'directory'
            ? shownDirectory(mode)
            : `${kind} ${content}`;
  return shown;
}

const file = (path: string, content = path): Member => ({ path, content });

describe('layers over each other', () => {
  it('hides what lower layers have, and nothing of the layer itself, in either order', () => {
    const lower = [file('d/old'), file('gone'), file('both', 'lower')];
    const hiding = [file('d/.wh..wh..opq', ''), file('.wh.gone', ''), file('.wh.both', '')];
    const own = [file('d/new'), file('both', 'upper')];
    const expected = { d: 'directory', 'd/new': 'file d/new', both: 'file upper' };
    expect(unpack([lower, [...hiding, ...own]])).toEqual(expected);
    emptyDirectory('');
    expect(unpack([lower, [...own, ...hiding]])).toEqual(expected);
    // The twin: without whiteouts all of it is there.
    emptyDirectory('');
    expect(Object.keys(unpack([lower, own]))).toEqual(['both', 'd', 'd/new', 'd/old', 'gone']);
  });

  it('takes links as a guest does: nothing leaves the tree', () => {
    const links: Member[] = [
      { path: 'real/' },
      { path: 'absolute', type: '2', link: '/real' },
      { path: 'above', type: '2', link: '../../../real' },
      { path: 'dangling', type: '2', link: '/made/here' },
    ];
    const through = [file('absolute/a', 'x'), file('above/b', 'y'), file('dangling/c', 'z')];
    expect(unpack([links, through])).toEqual({
      absolute: 'link /real',
      above: 'link ../../../real',
      dangling: 'link /made/here',
      made: 'directory',
      'made/here': 'directory',
      'made/here/c': 'file z',
      real: 'directory',
      'real/a': 'file x',
      'real/b': 'file y',
    });
  });

  it('never writes through a last link', () => {
    const canary = join(directory, 'canary');
    const link = { path: 'tree/link', type: '2', link: canary };
    expect(unpack([[file('canary', 'safe'), link], [file('tree/link', 'changed')]])).toMatchObject({
      canary: 'file safe',
      'tree/link': 'file changed',
    });
  });

  it('gives no attributes to what a link leads to that took the place of a directory', () => {
    const layers: Member[][] = [
      [
        { path: 'victim/', mode: 0o700 },
        { path: 'a/', mode: 0o755 },
        { path: 'a/b/', mode: 0o777 },
      ],
      [{ path: 'a', type: '2', link: 'victim' }],
      [{ path: 'victim/b/', mode: 0o711 }],
    ];
    unpack(layers);
    const modes = [...walkTree({ digest: () => '', xattrs: () => new Map() })].map(({ path, mode }) => [
      path,
      mode,
    ]);
    expect(Object.fromEntries(modes)).toMatchObject({ victim: 0o700, 'victim/b': 0o711 });
  });

  it('gives a directory nothing of one that was removed there', () => {
    const first: Member[] = [{ path: 'a/', mode: 0o700 }, { path: 'a/b/', mode: 0o711 }, file('a/f')];
    const again = { a: 'directory', 'a/b': 'directory', 'a/b/g': 'file g' };
    expect(unpack([first, [file('.wh.a', ''), file('a/b/g', 'g')]])).toEqual(again);
    emptyDirectory('');
    expect(unpack([first, [file('a')], [file('a/b/g', 'g')]])).toEqual(again);
    // The twin: what was not removed keeps its mode.
    emptyDirectory('');
    expect(unpack([first, [file('a/b/g', 'g')]])).toMatchObject({
      a: 'directory 700',
      'a/b': 'directory 711',
    });
  });

  it('sets extended attributes of a file that becomes a directory while it is there', () => {
    const kinds: string[] = [];
    const launch: Launch = (steps) => {
      kinds.push(...steps.map(() => (lstatSync('foo').isDirectory() ? 'directory' : 'file')));
      return { failure: undefined, output: Buffer.alloc(0) };
    };
    const attributed = { ...file('foo'), pax: { 'SCHILY.xattr.user.a': '1' } };
    expect(unpack([[attributed], [file('foo/bar')]], {}, launch)).toEqual({
      foo: 'directory',
      'foo/bar': 'file foo/bar',
    });
    expect(kinds).toEqual(['file']);
  });

  it.each<[string, Member[]]>([
    ['a name that leads out', [file('../x')]],
    ['a hard link that leads out', [{ path: 'x', type: '1', link: '../../etc/passwd' }]],
    ['a hard link to nothing', [{ path: 'x', type: '1', link: 'missing' }]],
    ['a hard link to a directory', [{ path: 'd/' }, { path: 'x', type: '1', link: 'd' }]],
    ['a hard link to what is outside', [{ path: 'x', type: '1', link: '/etc/passwd' }]],
    [
      'links in a circle',
      [{ path: 'a', type: '2', link: 'b' }, { path: 'b', type: '2', link: 'a' }, file('a/x')],
    ],
    ["overlayfs' whiteout", [{ path: 'x', type: '3' }]],
    ['a whiteout of nothing', [file('d/.wh.')]],
    ['a whiteout of the directory itself', [file('d/.wh..')]],
    ['a whiteout of the directory above', [file('d/.wh...')]],
    ['a member below a whiteout', [file('.wh.d/x')]],
    ['a member below a file', [file('f'), file('f/x')]],
    ['a link to nothing', [{ path: 'x', type: '2' }]],
    ['a user that cannot be', [{ ...file('f'), pax: { uid: '4294967301' } }]],
    ["a group that is the kernel's -1", [{ ...file('f'), pax: { gid: '4294967295' } }]],
    ['a directory of a user that cannot be', [{ path: 'd/', pax: { uid: '4294967301' } }]],
    ['a time after all times', [{ ...file('f'), pax: { mtime: '9999999999999999999' } }]],
    ['a time before all times', [{ path: 'l', type: '2', link: 'f', pax: { mtime: '-9999999999999' } }]],
    ['a file as its root', [file('./')].map((member) => ({ ...member, path: '.', type: '0' }))],
  ])('refuses %s', (_what, members) => {
    expect(() => unpack([members])).toThrowWithCode('ANYARCH_IMAGE_INVALID');
  });

  it('takes the last of the times and ids that can be', () => {
    const numbers = { uid: '4294967294', gid: '4294967294', mtime: '8640000000000' };
    expect(unpack([[{ ...file('f'), pax: numbers }]])).toEqual({ f: 'file f' });
  });

  it('leaves devices out', () => {
    const device = { path: 'null', type: '3', major: 1, minor: 3 };
    const links = [
      { path: 'd/again', type: '1', link: 'null' },
      { path: 'x', type: '1', link: 'd/again' },
    ];
    expect(unpack([[file('x')], [device, ...links]])).toEqual({ d: 'directory' });
  });

  it('follows links as long as they are no way to keep a machine busy', () => {
    const long = 'a/../'.repeat(800);
    const links = Array.from({ length: 39 }, (_, index) => ({
      path: `k${index}`,
      type: '2',
      link: index === 38 ? 'a' : `${long}k${index + 1}`,
    }));
    const behind = (count: number) => Array.from({ length: count }, (_, index) => file(`k0/q${index}/f`));
    expect(Object.keys(unpack([[{ path: 'a/' }, ...links, ...behind(100)]]))).toContain('a/q99/f');
    // A link that is made again and again has all of them looked at again.
    const again = behind(100).flatMap((one) => [{ path: 'other', type: '2', link: 'a' }, one]);
    expect(() => unpack([[{ path: 'a/' }, ...links, ...again]])).toThrowWithCode('ANYARCH_IMAGE_LIMIT');
  });

  it('stops at its limits', () => {
    const many = Array.from({ length: 20 }, (_, index) => file(`f${index}`));
    expect(() => unpack([many], { ANYARCH_IMAGE_MAX_ENTRIES: '19' })).toThrowWithCode('ANYARCH_IMAGE_LIMIT');
    expect(() => unpack([[file(`${'d/'.repeat(300)}f`)]])).toThrowWithCode('ANYARCH_IMAGE_LIMIT');
    expect(() => unpack([[file('n'.repeat(300))]])).toThrowWithCode('ANYARCH_IMAGE_LIMIT');
    expect(() => unpack([[file(`${'d'.repeat(200)}/`.repeat(21))]])).toThrowWithCode('ANYARCH_IMAGE_LIMIT');
  });

  it('is what a model of layers says, for any of them', () => {
    const name = fc.constantFrom('a', 'b', 'c');
    const path = fc.array(name, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    const operation: fc.Arbitrary<Operation> = fc.oneof(
      fc.record({
        kind: fc.constant('file' as const),
        path,
        content: fc.string({ maxLength: 3, unit: 'grapheme-ascii' }),
      }),
      fc.record({
        kind: fc.constant('directory' as const),
        path,
        mode: fc.constantFrom(0o755, 0o700, 0o1777),
      }),
      fc.record({ kind: fc.constant('link' as const), path, target: path }),
      fc.record({ kind: fc.constant('hardlink' as const), path, target: path }),
      fc.record({ kind: fc.constant('whiteout' as const), path }),
      fc.record({ kind: fc.constant('opaque' as const), path }),
    );
    const stacks = fc.array(fc.array(operation, { maxLength: 10 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(stacks, (stack) => {
        emptyDirectory('');
        const { members, tree } = modelOf(stack);
        expect(unpack(members)).toEqual(tree);
      }),
      { numRuns: 200 },
    );
  });
});
