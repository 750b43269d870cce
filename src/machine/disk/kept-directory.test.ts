import { chmodSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Host } from '../../host/host.ts';
import { nodeHost } from '../../host/node/node-host.ts';
import { keepDirectory } from './kept-directory.ts';

let home: string;
let host: Host;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'anyarch-kept-directory-'));
  const node = nodeHost();
  host = { ...node, system: { ...node.system, environment: { ANYARCH_HOME: join(home, 'state') } } };
});

afterEach(() => {
  rmSync(home, { recursive: true });
});

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

function keep(): Promise<string> {
  return keepDirectory(host, {
    name: 'one',
    read: (directory) => directory,
    make: (directory) => {
      writeFileSync(`${directory}/disk`, 'private');
      chmodSync(`${directory}/disk`, 0o666);
      return Promise.resolve();
    },
  });
}

it('lets only its owner read what is kept, and nobody write it', async () => {
  const directory = await keep();
  expect(modeOf(`${directory}/disk`)).toBe('400');
  expect(modeOf(directory)).toBe('700');
  expect(modeOf(join(home, 'state/machine-images'))).toBe('700');
  // Others find what is for all in there, as far as the umask lets them.
  mkdirSync(join(home, 'other'), 0o755);
  expect(modeOf(join(home, 'state'))).toBe(modeOf(join(home, 'other')));
});

it('closes the directory of all images where it is open', async () => {
  const images = join(home, 'state/machine-images');
  mkdirSync(images, { recursive: true });
  chmodSync(images, 0o755);
  await keep();
  expect(modeOf(images)).toBe('700');
});
