import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { AnyarchError } from '../../core/error.ts';
import { nodeFiles } from '../../host/node/node-files.ts';
import { nodeProcesses } from '../../host/node/node-processes.ts';
import { fakeHost } from '../../host/testing/index.ts';
import { publicKeyOf } from './brought-key.ts';

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
  const words = ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'me'];
  const result = spawnSync('ssh-keygen', [...words, '-f', path], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(result.stderr);
  return readFileSync(`${path}.pub`, 'utf8').trim();
}

/** With its remedy. */
function refusal(): string {
  try {
    return publicKeyOf(host, path);
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    return `${error.code}: ${error.message}; ${error.hint ?? ''}`;
  }
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

it('takes the public half alone, which everybody may read', () => {
  const own = makeKey('secret');
  rmSync(path);
  writeFileSync(path, `${own}\n`, { mode: 0o644 });
  expect(publicKeyOf(host, path)).toBe(own);
});

it('refuses what is no key, whatever lies beside it, and wants nobody to change its mode', () => {
  makeKey('');
  for (const content of ['no key', 'root:x:0:0:root:/root:/bin/bash\n', 'ssh-ed25519 x y\nssh-ed25519 x y']) {
    writeFileSync(path, content);
    chmodSync(path, 0o644);
    expect(refusal()).toContain('is no SSH key');
    expect(refusal()).not.toContain('chmod');
  }
});

it.each([
  ['a damaged public half', 'ssh-ed25519 AAAA me', 'is a damaged SSH key'],
  ['a damaged private half', '-----BEGIN OPENSSH PRIVATE KEY-----\nx\n', 'is no SSH key that can be used'],
])('refuses %s', (_, content, message) => {
  writeFileSync(path, content, { mode: 0o600 });
  expect(refusal()).toContain(message);
});

it('refuses what is not there, and what is no file', () => {
  expect(refusal()).toContain('there is no SSH key at');
  mkdirSync(path);
  expect(refusal()).toContain('is no file');
});

// What no server lets in: https://www.openssh.com/releasenotes.html, 9.8 and 10.0. Newer ssh-keygens make none.
const dsa = `ssh-dss ${[
  'AAAAB3NzaC1kc3MAAACBAI4dvWikqOtJjgVgf1Y22Stnqb2TIae808Q4tX0ZNwwxcPKNErLfEr6S0wN74htf3nqsVB',
  'WgbSHdVzcnOn6Ehn+ZgeKg77/A3oUjQ+BcidWtHWELZsSRQ74P+PzDDDudcxSYnwrQH3PWuPyQS3o8IwJbi+GE6UE+',
  'O/AC2gofC/PtAAAAFQDo5lRf+r8KzFmejMLs5Lb+UUSGWwAAAIEAgvE/ETVA4HiinFponoKWWqLMxWNYmrCMUhZDe+',
  'M0ECg1vWTOmNqnUDoQlXMnXu8PoGS9pUFretglsumPs9pVaFktnZ/1a9DjPFVig5nM6+H2gwdMSRo8bex7aCepoVV5',
  'UwaaF5yYJAxQENKPhX3L5SmX5gFJ8RXUCqx0lrmC5Y4AAACAEA7OLk913gpQh3ddqnAtQivpotnR2a7MvuMicmJtcY',
  'WNaXVw5J3Yo/bCnWkcy5NuFW/nfnI03BKqFz8pLvaDWhkLG7A8/4jCxjPEKeWD12Wnhmh12/d5lZ5oC+obiimfQvoV',
  'EqpNI0390Qhdiveys/g0mzEqPj4sFRodpLMwPyE=',
].join('')} me`;

it('refuses a key that no server of today lets in', () => {
  writeFileSync(path, dsa);
  expect(refusal()).toContain('is a DSA key');
});

it('does not take the public half of another key', () => {
  const own = makeKey('');
  writeFileSync(`${path}.pub`, 'ssh-ed25519 AAAA other');
  expect(publicKeyOf(host, path)).toBe(own);
});

it('wants the public half of a key with a passphrase, and says how to write it', () => {
  makeKey('secret');
  rmSync(`${path}.pub`);
  expect(refusal()).toMatch(/^ANYARCH_FILE: .* has a passphrase.*ssh-keygen -y -f /);
});
