import { lstatSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeHost } from '../host/node/node-host.ts';
import { prepareGuestRoot } from './guest-root.ts';

describe('prepareGuestRoot', () => {
  let directory: string;
  let busybox: string;
  const guest = (): { path: string; sha256: string } => ({ path: busybox, sha256: 'ab'.repeat(32) });
  const prepare = (into: string): string => prepareGuestRoot(nodeHost(), into, guest(), []);

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'anyarch-guest-'));
    busybox = join(directory, 'busybox');
    writeFileSync(busybox, '#!/bin/sh\nprintf "[\\nsh\\nbusybox\\n../escape\\n..\\n"\n', { mode: 0o755 });
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it('makes a tree of applets that others can read, once', () => {
    const root = prepare(join(directory, 'guests'));
    expect(readdirSync(join(root, 'bin')).sort()).toEqual(['[', 'busybox', 'sh']);
    expect(readlinkSync(join(root, 'bin/sh'))).toBe('busybox');
    expect(statSync(root).mode & 0o777).toBe(0o755);
    expect(statSync(join(root, 'tmp')).mode & 0o7777).toBe(0o1777);
    const { ino } = lstatSync(root);
    expect(lstatSync(prepare(join(directory, 'guests'))).ino).toBe(ino);
    expect(readdirSync(join(directory, 'guests'))).toHaveLength(1);
  });

  it('says so when there is no place for it, and leaves nothing', () => {
    writeFileSync(join(directory, 'file'), '');
    expect(() => prepare(join(directory, 'file/guests'))).toThrowWithCode('ANYARCH_FILE');
  });

  it('refuses a busybox that does not run', () => {
    writeFileSync(busybox, '#!/bin/sh\nexit 3\n');
    expect(() => prepare(join(directory, 'guests'))).toThrowWithCode('ANYARCH_EMULATOR_UNUSABLE');
    expect(readdirSync(directory)).toEqual(['busybox']);
  });
});
