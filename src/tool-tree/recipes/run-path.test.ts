import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { RecipeLibrary } from '../../core/recipe/recipe.ts';
import { NotThere } from '../packages/host-files.ts';
import { ownDirectories } from './run-path.ts';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'run-path-'));
  mkdirSync(`${root}/usr/lib/t`, { recursive: true });
  writeLibc('2.41');
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const writeLibc = (version: string): void => {
  writeFileSync(`${root}/usr/lib/t/libc.so.6`, `\0GNU C Library stable release version ${version}.\0`);
};
const library = (path: string): RecipeLibrary => ({ path, size: 1, buildId: 'ab', xxh64: undefined });
const libraries = new Map([
  ['libc.so.6', library('/lib/t/libc.so.6')],
  ['libx.so.1', library('/usr/lib/t/libx.so.1')],
]);
const program = { name: undefined, runPath: '$ORIGIN/../lib', needed: ['libx.so.1', 'libc.so.6'] };
const itself = 'usr/lib/own/bin/program';

it('what a directory of its own has must be what the cache has', () => {
  mkdirSync(`${root}/usr/lib/own/lib`, { recursive: true });
  expect(ownDirectories(root, itself, libraries, [program])).toEqual({
    unless: ['/usr/lib/own/bin/../lib/glibc-hwcaps'],
    same: [
      { path: '/usr/lib/own/bin/../lib/libx.so.1', other: '/usr/lib/t/libx.so.1' },
      { path: '/usr/lib/own/bin/../lib/libc.so.6', other: '/lib/t/libc.so.6' },
    ],
  });
});

it('a directory that no package has must not be there', () => {
  const found = ownDirectories(root, itself, libraries, [{ ...program, runPath: '${ORIGIN}/../lib:/opt/x' }]);
  expect(found).toEqual({ unless: ['/usr/lib/own/bin/../lib', '/opt/x'], same: [] });
});

it('a library looks where it was found, and where the cache may have it', () => {
  mkdirSync(`${root}/usr/lib/own/lib`, { recursive: true });
  const next = { name: 'libx.so.1', runPath: '$ORIGIN/../lib', needed: ['libc.so.6'] };
  const { unless, same } = ownDirectories(root, itself, libraries, [program, next]);
  expect(unless).toEqual([
    '/usr/lib/own/bin/../lib/glibc-hwcaps',
    '/usr/lib/own/bin/../lib/../lib/glibc-hwcaps',
    '/usr/lib/t/../lib',
    '/lib/t/../lib',
  ]);
  expect(same).toHaveLength(2);
});

it.each(['$LIB/x', 'lib', '/usr/$PLATFORM', '$ORIGINAL/x', ''])('%j cannot be told', (runPath) => {
  expect(() => ownDirectories(root, itself, libraries, [{ ...program, runPath }])).toThrow(NotThere);
});

it.each(['2.36', '1.99'])('the loader of glibc %s looks into more', (version) => {
  writeLibc(version);
  expect(() => ownDirectories(root, itself, libraries, [program])).toThrow(NotThere);
});
