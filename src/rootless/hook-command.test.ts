import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hookCommand } from './hook-command.ts';

let directory: string;
let program: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch hook-'));
  program = join(directory, 'anyarch');
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const run = () => {
  const [path = '', ...words] = hookCommand({ state: "/st ate's", program });
  const { status, stdout, stderr } = spawnSync(path, words, {
    input: '{}',
    encoding: 'utf8',
    cwd: directory,
  });
  return { status, stdout, stderr };
};
const well = { status: 0, stdout: '', stderr: '' };
const write = (content: string | Uint8Array, mode = 0o755) => {
  writeFileSync(program, content);
  chmodSync(program, mode);
};

describe('hookCommand', () => {
  it('runs the program with its words', () => {
    const note = join(directory, 'note');
    write(`#!/bin/sh\nprintf '%s\\n' "$@" > '${note}'\n`);
    expect(run()).toEqual(well);
    expect(execFileSync('/bin/cat', [note], { encoding: 'utf8' })).toBe(
      "rootless\nensure\n--state\n/st ate's\n--hook\n",
    );
  });

  it.each<readonly [string, () => void]>([
    ['is missing', () => undefined],
    [
      'fails and says so',
      () => {
        write('#!/bin/sh\necho said; echo said >&2; exit 3\n');
      },
    ],
    [
      'dies of a signal',
      () => {
        write('#!/bin/sh\nkill -SEGV $$\n');
      },
    ],
    [
      'may not be executed',
      () => {
        write('#!/bin/sh\n', 0o644);
      },
    ],
    [
      'has no interpreter',
      () => {
        write('#!/nowhere/node\n');
      },
    ],
    [
      'is of another CPU, and looks like a script that does harm',
      () => {
        write(Buffer.from('\x7fELF\x02\x01\n>harm\n/bin/true\nid >harm\n', 'latin1'));
      },
    ],
    [
      'is empty',
      () => {
        write('');
      },
    ],
  ])('succeeds in silence where the program %s', (_, prepare) => {
    prepare();
    expect(run()).toEqual(well);
    expect(readdirSync(directory)).toEqual(existsSync(program) ? ['anyarch'] : []);
  });
});
