import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import vm from 'node:vm';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bundle } from './bundle.mjs';
import { findRegexps } from './regexps.mjs';

let directory;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'anyarch-bundle-'));
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});
afterAll(() => {
  // The bundler listens for signals from its first work on.
  for (const name of process.eventNames())
    if (String(name).startsWith('SIG')) process.removeAllListeners(name);
});

/** @param {Record<string, string>} files the first one is the entry */
const bundled = (files) => {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return bundle(join(directory, Object.keys(files)[0]));
};

/** What the script puts into `result`. */
const resultOf = (code) => vm.runInNewContext(`"use strict"; ${code}; result.value`, { result: {} });

describe('bundle', () => {
  it('makes one script of modules in TypeScript', async () => {
    const code = await bundled({
      'main.ts':
        "import { twice } from './twice.ts'; result.value = twice(anyarchVersion.length as number) > 0;",
      'twice.ts': 'export const twice = (value: number): number => value * 2;',
    });
    expect(code).not.toMatch(/\b(import|export)\b/);
    expect(resultOf(code)).toBe(true);
  });

  it('leaves no literal of a regular expression, and changes none of them', async () => {
    const code = await bundled({
      'main.ts': String.raw`
        const words = (text: string) => [...text.matchAll(/(?<word>[a-z"'\\/]+)\s*/gu)].map((match) => match.groups?.word);
        const digits = (text: string) => /\d+\/"/.exec(text)?.[0];
        result.value = JSON.stringify([words('ab "c/d\\'), words('x'), digits('a12/"'), digits('7/"'), 'a/b'.split(/\//)]);`,
    });
    expect(findRegexps(code)).toEqual([]);
    expect(JSON.parse(resultOf(code))).toEqual([['ab', '"c/d\\'], ['x'], '12/"', '7/"', ['a', 'b']]);
  });

  it('ignores imports of Node that nothing is used of, and names those that something is', async () => {
    const unused = {
      'main.ts': "import { size } from './files.ts'; result.value = size;",
      'files.ts':
        "import { readFileSync } from 'node:fs'; export const size = 3; export const read = () => readFileSync('x');",
    };
    expect(resultOf(await bundled(unused))).toBe(3);
    const used = { ...unused, 'main.ts': "import { read } from './files.ts'; result.value = read();" };
    await expect(bundled(used)).rejects.toThrow(/does not have node:fs, imported by .*files\.ts/);
  });

  it('does the same with what is imported later', async () => {
    const unused = {
      'main.ts': "import { size } from './files.ts'; result.value = size;",
      'files.ts': "export const size = 3; export const read = async () => (await import('./more.ts')).more;",
      'more.ts': 'export const more = 4;',
    };
    expect(await bundled(unused)).not.toContain('4');
    const used = { ...unused, 'main.ts': "import { read } from './files.ts'; result.value = read();" };
    await expect(bundled(used)).rejects.toThrow(/does not have \.\/more\.ts, imported by .*files\.ts/);
  });

  it("takes Node's option parser along", async () => {
    const code = await bundled({
      'main.ts': `import { parseArgs } from 'node:util';
        const options = { all: { type: 'boolean', short: 'a' }, name: { type: 'string', multiple: true } } as const;
        const parse = (...args: string[]) => {
          try {
            return JSON.stringify(parseArgs({ args, options, allowPositionals: true }));
          } catch (error) {
            return (error instanceof TypeError ? 'TypeError: ' : '') + (error as Error).message;
          }
        };
        result.value = [parse('-a', 'x', '--name=y', '--name', 'z', '--', '-b'), parse('--nme')].join('|');`,
    });
    const [parsed, error] = resultOf(code).split('|');
    expect(JSON.parse(parsed)).toEqual({ values: { all: true, name: ['y', 'z'] }, positionals: ['x', '-b'] });
    expect(error).toMatch(/^TypeError: Unknown option '--nme'/);
  });
});
