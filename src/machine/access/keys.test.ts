import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeFiles } from '../../host/node/node-files.ts';
import { nodeProcesses } from '../../host/node/node-processes.ts';
import { fakeHost } from '../../host/testing/index.ts';
import { publicKeyOf } from './keys.ts';

let directory: string;
let path: string;
const { system } = fakeHost({ system: { uid: process.getuid?.() ?? 0 } });
const host = { files: nodeFiles, processes: nodeProcesses, system };

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-keys-'));
  path = join(directory, 'id');
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

function makeKey(passphrase: string): string {
  const words = ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'me', '-f', path];
  const result = spawnSync('ssh-keygen', words, { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  return readFileSync(`${path}.pub`, 'utf8').trim();
}

it.each(['', 'secret'])('reads the public half of a key with the passphrase "%s"', (passphrase) => {
  const own = makeKey(passphrase);
  expect(publicKeyOf(host, path)).toBe(own);
});

it('refuses a key that others may read, as ssh does', () => {
  makeKey('');
  chmodSync(path, 0o644);
  expect(() => publicKeyOf(host, path)).toThrowWithCode('ANYARCH_FILE');
  expect(() => publicKeyOf(host, path)).toThrow('mode 0644');
});

it('refuses what is no key, whatever lies beside it', () => {
  makeKey('');
  writeFileSync(path, 'no key');
  expect(() => publicKeyOf(host, path)).toThrow('is no private SSH key');
});

it('does not take the public half of another key', () => {
  const own = makeKey('');
  writeFileSync(`${path}.pub`, 'ssh-ed25519 AAAA other');
  expect(publicKeyOf(host, path)).toBe(own);
});

it('wants the public half of a key with a passphrase', () => {
  makeKey('secret');
  rmSync(`${path}.pub`);
  expect(() => publicKeyOf(host, path)).toThrowWithCode('ANYARCH_FILE');
});
