import { mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SystemError } from '../system-error.ts';
import { makeDirectories } from './make-directories.ts';

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'anyarch-directories-'));
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

const failure = (path: string): unknown => {
  try {
    makeDirectories(path);
  } catch (error) {
    return error;
  }
  return undefined;
};

describe('makeDirectories', () => {
  it('makes all that is missing, with the mode, and minds nothing that is there', () => {
    makeDirectories(join(place, 'a/b/c'), 0o700);
    makeDirectories(join(place, 'a/b/c/'));
    for (const path of ['a', 'a/b', 'a/b/c']) expect(statSync(join(place, path)).mode & 0o777).toBe(0o700);
  });

  it('ends where the kernel makes no directories', () => {
    expect(failure('/proc/nope')).toEqual(new SystemError('ENOENT', 'mkdir', '/proc/nope'));
    expect(failure('/proc/nope/a/b')).toEqual(new SystemError('ENOENT', 'mkdir', '/proc/nope'));
    expect(failure('')).toEqual(new SystemError('ENOENT', 'mkdir', ''));
  });

  it('says what is in the way', () => {
    writeFileSync(join(place, 'file'), '');
    symlinkSync('nowhere', join(place, 'link'));
    expect(failure(join(place, 'file'))).toMatchObject({ errno: 'EEXIST' });
    expect(failure(join(place, 'file/a'))).toMatchObject({ errno: 'ENOTDIR' });
    expect(failure(join(place, 'link/a'))).toMatchObject({ errno: 'ENOENT' });
  });
});
