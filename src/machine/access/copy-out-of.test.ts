import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { nodeFiles } from '../../host/node/node-files.ts';
import { fakeHost } from '../../host/testing/index.ts';
import { copyOutOf } from './copy-out-of.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-copy-'));
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

/** @param script what the guest does instead of what it was asked for */
async function copyFrom(script: string): Promise<void> {
  const programs = mkdtempSync(join(directory, 'bin-'));
  writeFileSync(join(programs, 'ssh'), `#!/bin/sh\ncase "$*" in *check*) exit 0;; esac\n${script}\n`);
  chmodSync(join(programs, 'ssh'), 0o755);
  vi.stubEnv('PATH', `${programs}:${process.env['PATH'] ?? ''}`);
  const host = { ...fakeHost(), files: nodeFiles };
  const access = { user: 'me', key: '/k' };
  const machine = {
    record: { id: '1', name: 'demo', definition: 'arm64', access },
    places: { ssh: '/state/ssh' },
  };
  const target = join(directory, 'file');
  await copyOutOf(host, machine, { sshPort: 1, sockets: directory }, { source: '/x', target });
}

it('takes as much of a file as was announced', async () => {
  await copyFrom(`printf 'f 644 3 0\\nabc'`);
  expect(readFileSync(join(directory, 'file'), 'utf8')).toBe('abc');
});

it('does not go on with a file that has no end', { timeout: 20_000 }, async () => {
  await expect(copyFrom(`printf 'f 644 3 0\\n'; exec cat /dev/zero`)).rejects.toThrow(
    'more than its 3 bytes arrived',
  );
  expect(readdirSync(directory).filter((name) => name.startsWith('file'))).toEqual([]);
});

it('gives a full disk back, however long the guest goes on', { timeout: 30_000 }, async () => {
  const programs = mkdtempSync(join(directory, 'tar-'));
  // As tar does with each file for which there is no room.
  const tar = `#!/bin/sh\necho x >x\nwhile echo 'tar: ./x: Wrote only 7168 of 10240 bytes' >&2; do read -r line; done\n`;
  writeFileSync(join(programs, 'tar'), tar);
  chmodSync(join(programs, 'tar'), 0o755);
  vi.stubEnv('PATH', `${programs}:${process.env['PATH'] ?? ''}`);
  const copying = copyFrom(`echo d; exec yes`);
  await expect(copying).rejects.toMatchObject({
    code: 'ANYARCH_DISK_FULL',
    message: expect.stringContaining(`${directory}/file`) as string,
  });
  expect(readdirSync(directory).filter((name) => /^file|copy/.test(name))).toEqual([]);
});

it('says of a guest that has no space left that it can grow', async () => {
  await expect(copyFrom('echo "cat: No space left on device" >&2; exit 1')).rejects.toMatchObject({
    code: 'ANYARCH_DISK_FULL',
    hint: expect.stringContaining('anyarch machine resize demo') as string,
  });
});
