import { expect, it } from 'vitest';
import { rootOwners, untrustedAncestor, untrustedPath } from './trusted-path.ts';
import { fakeFiles } from './testing/fake-files.ts';

it.each([
  ['everything is root’s', {}, {}, undefined, undefined],
  [
    'the directory is a user’s',
    { uid: 1000 },
    {},
    '/a/b belongs to another user',
    '/a/b belongs to another user',
  ],
  [
    'the directory is for a group',
    { mode: 0o775 },
    {},
    'other users can write to /a/b',
    'other users can write to /a/b',
  ],
  ['the directory is sticky', { mode: 0o1777 }, {}, undefined, undefined],
  [
    'a user’s sticky directory',
    { uid: 1000, mode: 0o1777 },
    {},
    '/a/b belongs to another user',
    '/a/b belongs to another user',
  ],
  ['the file is a user’s', {}, { uid: 1000 }, undefined, '/a/b/c/file belongs to another user'],
  ['the file is for everybody', {}, { mode: 0o757 }, undefined, 'other users can write to /a/b/c/file'],
])('%s', (_, directory, file, above, whole) => {
  const files = fakeFiles();
  files.addFile('/a/b/c/file', '', { mode: 0o755, ...file });
  files.addDirectory('/a/b', directory);
  expect(untrustedAncestor(files, '/a/b/c/file', [0])).toBe(above);
  expect(untrustedPath(files, '/a/b/c/file', [0])).toBe(whole);
});

it('trusts those who are named', () => {
  const files = fakeFiles();
  files.addFile('/a/file', '', { uid: 1000 });
  files.addDirectory('/a', { uid: 1000 });
  expect(untrustedPath(files, '/a/file', [0, 1000])).toBeUndefined();
  expect(untrustedPath(files, '/a/missing', [0, 1000])).toBe('/a/missing belongs to another user');
});

it('root is 65534 where the real one is not mapped', () => {
  const files = fakeFiles();
  expect(rootOwners(files)).toEqual([0]);
  files.addFile('/proc/self/uid_map', '         0          0 4294967295\n');
  expect(rootOwners(files)).toEqual([0]);
  files.addFile('/proc/self/uid_map', '         0       1000          1\n');
  expect(rootOwners(files)).toEqual([0, 65534]);
});
