import { mkdtempSync, opendirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { directoryNames } from './directory-names.ts';

const directory = mkdtempSync(join(tmpdir(), 'anyarch-names-'));
afterAll(() => {
  rmSync(directory, { recursive: true, force: true });
});

it('lists a directory in which something goes away meanwhile', () => {
  for (const name of ['1', '2', '3']) writeFileSync(join(directory, name), '');
  expect(directoryNames(directory).toSorted()).toEqual(['1', '2', '3']);
  let closed = false;
  const names = directoryNames(directory, (path) => {
    const opened = opendirSync(path);
    let read = 0;
    return {
      readSync: () => {
        read += 1;
        // What Node says of a process that ended between its name and its kind.
        if (read === 2)
          throw Object.assign(new Error(`ENOENT: no such file or directory, lstat '${path}/2'`), {
            errno: -2,
            syscall: 'lstat',
          });
        return opened.readSync();
      },
      closeSync: () => {
        closed = true;
        opened.closeSync();
      },
    };
  });
  expect(names).toEqual(['1', '2', '3']);
  expect(closed).toBe(true);
});

it('fails for a directory that is not there, and for what cannot be read', () => {
  expect(() => directoryNames(join(directory, 'none'))).toThrow('ENOENT');
  const gone = mkdtempSync(join(tmpdir(), 'anyarch-names-'));
  rmdirSync(gone);
  expect(() => directoryNames(gone)).toThrow('ENOENT');
  const failing = () => ({
    readSync: () => {
      throw Object.assign(new Error('EIO'), { errno: -5 });
    },
    closeSync: () => undefined,
  });
  expect(() => directoryNames(directory, failing)).toThrow('EIO');
});
