import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fakeHost } from '../host/testing/index.ts';
import { isShim, realProgram } from './real-program.ts';
import type { ShimOptions } from './shim.ts';
import { insideVariable, shimFile } from './shim.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "anyarch shim's-"));
  for (const directory of ['.local/bin', 'real', 'other'])
    mkdirSync(join(home, directory), { recursive: true });
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

describe('a shim', () => {
  it('runs the real program within something, with its words, its input and its exit code', () => {
    program('real/tool', 'cat; printf "<%s>" "$0" "$@"; exit 7');
    program('anyarch', 'printf "[%s %s %s %s]" "$1" "$2" "$3" "$4"; shift 4; exec "$@"');
    expect(shim(['a b', "c'd", ''], { input: 'in' })).toEqual({
      exitCode: 7,
      stdout: `[${home}/anyarch --keep-id -- env]in<${home}/real/tool><a b><c'd><>`,
      stderr: '',
    });
  });

  it('runs the real program at once in what a shim has started', () => {
    program('real/tool', 'echo real');
    program('anyarch', 'echo anyarch');
    expect(shim([], { environment: { [insideVariable]: '1' } }).stdout).toBe('real\n');
  });

  it.each([
    [['exec', 'image'], 'anyarch'],
    [['--debug', 'run', 'image', 'stop'], 'anyarch'],
    [['instance', 'run'], 'real'],
    [['exec', 'instance://one', 'true'], 'real'],
    [['exec', '--bind', '/a', '--fake', 'image'], 'real'],
    [['-q', 'exec', '-d', '-f', 'image'], 'real'],
    [['-f', 'exec', 'image', 'rm', '-f', 'file'], 'anyarch'],
    [['--version'], 'real'],
    [[], 'real'],
  ])('runs %j by %s where it is told which commands need it', (words, expected) => {
    program('real/tool', 'echo real');
    program('anyarch', 'echo anyarch');
    const choice = {
      commands: ['exec', 'run'],
      exceptFor: ['instance://*', '--fake'],
      exceptForFlags: ['-f'],
    };
    expect(shim(words, { choice }).stdout).toBe(`${expected}\n`);
  });

  it('does without it where that does not work', () => {
    program('real/tool', 'echo real');
    expect(shim([])).toEqual({ exitCode: 0, stdout: 'real\n', stderr: '' });
  });

  it('finds a program that has been moved, and never itself', () => {
    program('other/tool', 'echo moved');
    symlinkSync(join(home, '.local/bin'), join(home, 'link'));
    expect(shim([], { path: `${home}/link:${home}/.local/bin:${home}/other` }).stdout).toBe('moved\n');
    expect(shim([], { path: `${home}/link:${home}/.local/bin` })).toMatchObject({
      exitCode: 127,
      stderr: expect.stringContaining('tool: not found') as string,
    });
  });
});

describe('realProgram', () => {
  it('passes shims over, and what cannot be executed', () => {
    const host = fakeHost({
      system: { environment: { HOME: '/home/me', PATH: '/home/me/.local/bin:rel::/a:/b/' } },
    });
    const shim = shimFile({ host }, 'tool', '/b/tool', {
      engine: 'apptainer',
      within: [],
      check: ['true'],
    });
    expect(shim.path).toBe('/home/me/.local/bin/tool');
    host.files.addFile(shim.path, shim.content as string, { mode: 0o755 });
    host.files.addFile('/a/tool', 'not executable', { mode: 0o644 });
    expect(realProgram(host, 'tool')).toBeUndefined();
    host.files.addFile('/b/tool', '#!/bin/sh\n', { mode: 0o755 });
    expect(realProgram(host, 'tool')).toBe('/b/tool');
    expect(['/a/tool', shim.path, '/none'].map((path) => isShim(host, path))).toEqual([false, true, false]);
  });
});

function program(path: string, script: string): void {
  writeFileSync(join(home, path), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

function shim(
  words: readonly string[],
  options: {
    input?: string;
    path?: string;
    environment?: Record<string, string>;
    choice?: Pick<ShimOptions, 'commands' | 'exceptFor' | 'exceptForFlags'>;
  } = {},
): { exitCode: number | null; stdout: string; stderr: string } {
  const host = fakeHost({ system: { environment: { HOME: home } } });
  const anyarch = join(home, 'anyarch');
  const { path, content, mode } = shimFile({ host }, 'tool', join(home, 'real/tool'), {
    engine: 'apptainer',
    within: [anyarch, anyarch, '--keep-id', '--', 'env'],
    check: ['test', '-x', anyarch],
    ...options.choice,
  });
  writeFileSync(path, content as string, { mode });
  const { status, stdout, stderr } = spawnSync(path, words, {
    input: options.input ?? '',
    encoding: 'utf8',
    env: { PATH: options.path ?? process.env['PATH'], ...options.environment },
  });
  return { exitCode: status, stdout, stderr };
}
