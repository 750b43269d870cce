import { describe, expect, it } from 'vitest';
import { watchBasePlatform } from './base-platform.ts';
import { failureOf } from './judge-end.ts';
import { prefixedOutput } from './prefixed-output.ts';
import type { StepEnd } from './run-step.ts';

describe('lines of several builds', () => {
  it('say whose they are, whole and without what a terminal acts upon', () => {
    const written: string[] = [];
    const output = prefixedOutput('linux/arm64', (text) => written.push(text));
    for (const text of ['one\ntw', 'o\r\nthree\rfour\t!\n', '\x1b[1Afive']) output.take(text);
    output.end();
    output.end();
    expect(written.join('')).toBe(
      ['one', 'two', 'three', 'four    !', '\\x1b[1Afive'].map((line) => `[linux/arm64] ${line}\n`).join(''),
    );
  });

  it('pass as they are where only one prints', () => {
    const written: string[] = [];
    prefixedOutput(undefined, (text) => written.push(text)).take('\x1b[1mbold');
    expect(written).toEqual(['\x1b[1mbold']);
  });
});

const warning = 'WARNING: image platform (linux/amd64) does not match the expected platform (linux/arm64)\n';

describe('a base image of another platform', () => {
  it('counts where the result is made from it', () => {
    const single = watchBasePlatform();
    single.take(`STEP 1/2: FROM base\n${warning}`);
    expect(single.wrongBase()).toContain('linux/amd64');
    const last = watchBasePlatform();
    last.take(`[1/2] STEP 1/2: FROM a AS b\n[2/2] STEP 1/2: FROM base\n${warning.slice(0, 30)}`);
    last.take(warning.slice(30));
    expect(last.wrongBase()).toContain('linux/amd64');
  });

  it('is only told where a stage before is', () => {
    const watch = watchBasePlatform();
    watch.take(`[1/2] STEP 1/2: FROM golang AS build\n${warning}[2/2] STEP 1/2: FROM scratch\n`);
    expect(watch.wrongBase()).toBeUndefined();
    expect(watch.otherBases()).toHaveLength(1);
  });
});

const end: StepEnd = {
  command: ['podman', 'build', 'x'],
  exitCode: 125,
  signal: undefined,
  startError: undefined,
  tail: '',
  stdout: '',
};

describe('a failed build', () => {
  it.each([
    ['write /x: no space left on device', 'ANYARCH_DISK_FULL'],
    ['exec /bin/sh: exec format error', 'ANYARCH_BUILD_PLATFORM'],
    [
      'choosing image instance: no image found in manifest list for architecture arm64',
      'ANYARCH_PLATFORM_NOT_FOUND',
    ],
    ['Error: while running runtime: exit status 1', 'ANYARCH_BUILD_FAILED'],
  ])('that says "%s" is %s', (tail, code) => {
    expect(failureOf({ ...end, tail }, 'linux/arm64')?.code).toBe(code);
  });

  it('is named by what the engine said last of it', () => {
    const tail = 'STEP 1\nError: two causes:\n\n* first\nmore\n';
    expect(failureOf({ ...end, tail }, 'linux/arm64')?.message).toBe(
      'linux/arm64: Error: two causes: * first (exit code 125)',
    );
    expect(failureOf({ ...end, exitCode: undefined, signal: 'SIGKILL' }, 'x')?.message).toBe(
      'x: it said nothing (ended by SIGKILL)',
    );
    expect(failureOf({ ...end, exitCode: 0 }, 'x')).toBeUndefined();
    expect(failureOf({ ...end, exitCode: undefined, startError: 'ENOENT' }, 'x')?.code).toBe(
      'ANYARCH_ENGINE_FAILED',
    );
  });
});
