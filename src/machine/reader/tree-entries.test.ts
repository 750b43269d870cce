import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { treeEntries } from './tree-entries.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-tree-entries-'));
  mkdirSync(join(directory, 'b/inner'), { recursive: true });
  writeFileSync(join(directory, 'b/program'), 'run', { mode: 0o755 });
  chmodSync(join(directory, 'b/program'), 0o755);
  writeFileSync(join(directory, 'b/inner/text'), 'read', { mode: 0o644 });
  symlinkSync('/nowhere', join(directory, 'a'));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

describe('treeEntries', () => {
  it('has all of a directory, in one order, parents first; links as they are', () => {
    expect([...treeEntries(directory, 'usr', () => true)]).toEqual([
      { kind: 'directory', path: 'usr' },
      { kind: 'link', path: 'usr/a', target: '/nowhere' },
      { kind: 'directory', path: 'usr/b' },
      { kind: 'directory', path: 'usr/b/inner' },
      { kind: 'file', path: 'usr/b/inner/text', content: Buffer.from('read'), isExecutable: false },
      { kind: 'file', path: 'usr/b/program', content: Buffer.from('run'), isExecutable: true },
    ]);
  });

  it('leaves out what is not wanted, and all that is below it', () => {
    const asked: string[] = [];
    const entries = [
      ...treeEntries(directory, 'usr', (path) => {
        asked.push(path);
        return path !== 'usr/b/inner' && path !== 'usr/a';
      }),
    ];
    expect(entries.map(({ path }) => path)).toEqual(['usr', 'usr/b', 'usr/b/program']);
    expect(asked).not.toContain('usr/b/inner/text');
    expect([...treeEntries(directory, 'usr', () => false)]).toEqual([]);
  });
});
