import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compareOutputs, readOutputs } from './outputs.ts';

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-outputs-'));
  for (const run of ['plain', 'accelerated']) {
    mkdirSync(join(directory, run, 'sub'), { recursive: true });
    writeFileSync(join(directory, run, 'sub/a.o'), 'object');
    writeFileSync(join(directory, run, 'log'), run);
    symlinkSync('a.o', join(directory, run, 'sub/link'));
  }
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const compare = (compared?: RegExp) => {
  const [plain, accelerated] = ['plain', 'accelerated'].map((run) => readOutputs(join(directory, run)));
  const exceptions = [{ path: /^log$/, reason: 'has the time in it' }];
  return compareOutputs(plain!, accelerated!, {
    exceptions,
    ...(compared === undefined ? {} : { compared }),
  });
};

test('what may differ is named with its reason', () => {
  expect(compare()).toEqual({
    compared: 4,
    differences: [],
    excepted: [{ reason: 'has the time in it', paths: ['log'] }],
  });
  expect(compare(/\.o$/)).toEqual({ compared: 1, differences: [], excepted: [] });
});

test('every other difference is one: a byte, a mode, the target of a link, a file too many', () => {
  writeFileSync(join(directory, 'plain/sub/a.o'), 'Object');
  expect(compare().differences).toEqual(['sub/a.o']);
  writeFileSync(join(directory, 'plain/sub/a.o'), 'object');
  chmodSync(join(directory, 'plain/sub/a.o'), 0o755);
  expect(compare().differences).toEqual(['sub/a.o']);
  rmSync(join(directory, 'accelerated/sub/link'));
  symlinkSync('b.o', join(directory, 'accelerated/sub/link'));
  writeFileSync(join(directory, 'accelerated/more'), '');
  expect(compare().differences).toEqual(['sub/a.o', 'sub/link', 'more']);
});
