import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { nodeFiles } from '../../host/node/node-files.ts';
import { pageTarget } from './doctor-page-target.ts';

let directory: string;
const at = (name: string): string => join(directory, name);
const write = (name: string, page = 'the page'): void => {
  pageTarget(nodeFiles, name, directory).write(page);
};
const read = (name: string): string => fs.readFileSync(at(name), 'utf8');
const modeOf = (name: string): number => fs.statSync(at(name)).mode & 0o777;

beforeEach(() => {
  directory = fs.mkdtempSync(join(tmpdir(), 'anyarch-page-'));
});
afterEach(() => {
  fs.rmSync(directory, { recursive: true, force: true });
});

it('writes a new file with the mode that the umask leaves', () => {
  write('new.html');
  expect(read('new.html')).toBe('the page');
  fs.writeFileSync(at('ordinary'), '');
  expect(modeOf('new.html')).toBe(modeOf('ordinary'));
});

it('keeps the mode and the owner of a file that was there', () => {
  fs.writeFileSync(at('old.html'), 'yesterday', { mode: 0o600 });
  if (process.geteuid?.() === 0) fs.chownSync(at('old.html'), 1234, 2345);
  const { uid, gid } = fs.statSync(at('old.html'));
  write('old.html');
  expect(read('old.html')).toBe('the page');
  expect(modeOf('old.html')).toBe(0o600);
  expect(fs.statSync(at('old.html'))).toMatchObject({ uid, gid });
});

it('follows links, and leaves them', () => {
  fs.mkdirSync(at('real'));
  fs.writeFileSync(at('real/page.html'), 'yesterday');
  fs.symlinkSync('real/page.html', at('link.html'));
  write('link.html');
  expect(fs.readlinkSync(at('link.html'))).toBe('real/page.html');
  expect(read('real/page.html')).toBe('the page');
});

it('writes into a FIFO that somebody reads, however long the page', async () => {
  execFileSync('mkfifo', [at('fifo')]);
  const reader = spawn('cat', [at('fifo')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const all = text(reader.stdout);
  const page = 'x'.repeat(300_000);
  // The reader opens its end in its own time; until then ENXIO is the answer.
  await expect
    .poll(
      () =>
        attempt(() => {
          write('fifo', page);
        }),
      { timeout: 5000 },
    )
    .toBe('done');
  expect(await all).toBe(page);
  expect(fs.statSync(at('fifo')).isFIFO()).toBe(true);
});

it('does not wait for a reader of a FIFO', () => {
  execFileSync('mkfifo', [at('fifo')]);
  expect(() => {
    write('fifo');
  }).toThrowWithCode('ANYARCH_FILE');
  expect(
    attempt(() => {
      write('fifo');
    }),
  ).toContain('nobody reads');
});

it('writes into a character device and leaves it what it is', () => {
  write('/dev/null');
  expect(fs.lstatSync('/dev/null').isCharacterDevice()).toBe(true);
});

it.each(['-', '', '.', 'directory/'])('refuses %j', (name) => {
  if (name.endsWith('/')) fs.mkdirSync(at(name));
  expect(() => pageTarget(nodeFiles, name, directory)).toThrowWithCode('ANYARCH_USAGE');
});

it('refuses a link that leads nowhere, and leaves it', () => {
  fs.symlinkSync('nowhere', at('link'));
  expect(() => pageTarget(nodeFiles, 'link', directory)).toThrowWithCode('ANYARCH_USAGE');
  expect(fs.readlinkSync(at('link'))).toBe('nowhere');
});

it('says before anything is done that there is no such directory', () => {
  const look = (): unknown => pageTarget(nodeFiles, 'none/page.html', directory);
  expect(look).toThrowWithCode('ANYARCH_FILE');
  expect(attempt(look)).toContain('make the directory');
});

function attempt(work: () => unknown): string {
  try {
    work();
    return 'done';
  } catch (error) {
    const { message, hint } = error as { message: string; hint?: string };
    return `${message}: ${hint ?? ''}`;
  }
}
