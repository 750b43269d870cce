import {
  chmodSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { executable } from '../support/engines/cli.ts';
import type { CommandResult } from '../support/command.ts';
import { run } from '../support/command.ts';
import { temporaryDirectory } from '../support/temporary.ts';

describe('the code cache', () => {
  let cache: string;
  const directory = (): string => join(cache, 'anyarch/code');
  const start = (environment: Readonly<Record<string, string | undefined>> = {}): Promise<CommandResult> =>
    run([executable, '--version'], {
      environment: { ...process.env, XDG_CACHE_HOME: cache, ...environment },
    });
  const onlyFile = (): string => join(directory(), readdirSync(directory())[0] ?? 'none');

  beforeEach(() => {
    cache = temporaryDirectory('cache');
  });

  it('is made at the first start, for us alone, and used from then on', async () => {
    expect(await start()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(statSync(onlyFile()).mode & 0o777).toBe(0o600);
    const { mtimeMs } = statSync(onlyFile());
    expect(await start()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(statSync(onlyFile()).mtimeMs).toBe(mtimeMs);
    expect(readdirSync(directory())).toHaveLength(1);
  });

  it('is another one for run, which needs other functions, made by a run that came to something', async () => {
    const environment = {
      ...process.env,
      ANYARCH_HOME: temporaryDirectory('home'),
      ANYARCH_QEMU_DIR: process.env['ANYARCH_TEST_QEMU_DIR'],
      XDG_CACHE_HOME: cache,
    };
    expect(await run([executable, 'run', '--help'], { environment })).toMatchObject({ exitCode: 0 });
    expect(await run([executable, 'run', '--no-such-option'], { environment })).toMatchObject({
      exitCode: 125,
    });
    expect(readdirSync(directory())).toEqual([expect.stringMatching(/-other$/)]);
    expect(await run([executable, 'run', '--', 'true'], { environment })).toMatchObject({ exitCode: 0 });
    expect(readdirSync(directory()).sort()).toEqual([
      expect.stringMatching(/-other$/),
      expect.stringMatching(/-run$/),
    ]);
  });

  it.each([
    ['rubbish', (whole: Buffer) => Buffer.alloc(whole.length, 0x41)],
    ['the half of it', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
    ['nothing', () => Buffer.alloc(0)],
  ])('is made again when the file holds %s', async (_what, damage) => {
    await start();
    const whole = readFileSync(onlyFile());
    writeFileSync(onlyFile(), damage(whole));
    expect(await start()).toMatchObject({
      exitCode: 0,
      stderr: '',
      stdout: expect.stringMatching(/^anyarch \d/) as string,
    });
    expect(readFileSync(onlyFile()).length).toBeGreaterThan(whole.length / 2);
  });

  it('is not trusted when others could have written it', async () => {
    await start();
    chmodSync(onlyFile(), 0o666);
    expect(await start()).toMatchObject({ exitCode: 0 });
    expect(statSync(onlyFile()).mode & 0o777).toBe(0o600);
  });

  it('forgets versions that nobody has started for a month', async () => {
    await start();
    writeFileSync(onlyFile(), '');
    const old = join(directory(), 'v1.0.0');
    writeFileSync(old, '');
    utimesSync(old, new Date(0), new Date(0));
    await start();
    expect(readdirSync(directory())).not.toContain('v1.0.0');
  });

  it('does not wait for a directory that nobody can make', async () => {
    const { exitCode, signal } = await run([executable, '--version'], {
      environment: { ...process.env, XDG_CACHE_HOME: '/proc/nope' },
      timeoutMs: 10_000,
    });
    expect({ exitCode, signal }).toEqual({ exitCode: 0, signal: undefined });
  });

  it('is no condition for anything', async () => {
    writeFileSync(join(cache, 'anyarch'), 'a file where the directory should be');
    expect(await start()).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await start({ XDG_CACHE_HOME: undefined, HOME: undefined })).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
  });
});

it('a clone that has not been built says what to type', async () => {
  const clone = temporaryDirectory('clone');
  mkdirSync(join(clone, 'bin'));
  cpSync(executable, join(clone, 'bin/anyarch'));
  expect(await run([join(clone, 'bin/anyarch'), '--version'])).toMatchObject({
    exitCode: 4,
    stdout: '',
    stderr: expect.stringContaining('npm run build') as string,
  });
});
