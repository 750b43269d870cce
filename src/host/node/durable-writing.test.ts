import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { syncDirectory, writeDurably } from './durable-writing.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-durable-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

test('writes a new file with the whole mode, whatever the umask', () => {
  const path = join(directory, 'file');
  const umask = process.umask(0o077);
  try {
    writeDurably(path, Uint8Array.of(1, 2), 0o755);
  } finally {
    process.umask(umask);
  }
  expect([...readFileSync(path)]).toEqual([1, 2]);
  expect(statSync(path).mode & 0o7777).toBe(0o755);
  expect(() => {
    writeDurably(path, Uint8Array.of(3), 0o644);
  }).toThrow('EEXIST');
  expect([...readFileSync(path)]).toEqual([1, 2]);
});

test('syncs a directory, also where the file system has nothing for that, and not one that is missing', () => {
  for (const path of [directory, '/proc/self'])
    expect(() => {
      syncDirectory(path);
    }).not.toThrow();
  expect(() => {
    syncDirectory(join(directory, 'nothing'));
  }).toThrow('ENOENT');
});
