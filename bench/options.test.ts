import { describe, expect, test } from 'vitest';
import { parseOptions, usage } from './options.ts';

describe('options', () => {
  test('default to all comparisons, without peers whose paths only the user knows', () => {
    expect(parseOptions([])).toEqual({
      binfmt: undefined,
      images: [],
      json: undefined,
      only: ['registering', 'running', 'wrapping', 'watching', 'starting', 'sizes', 'image'],
      plots: undefined,
      qemuScript: undefined,
      quick: false,
      rounds: undefined,
      workloads: [],
    });
  });

  test('make paths absolute, since programs run elsewhere', () => {
    const options = parseOptions(['--binfmt', 'a/binfmt', '--images', 'b', '--images', '/c']);
    expect(options).toMatchObject({
      binfmt: `${process.cwd()}/a/binfmt`,
      images: [`${process.cwd()}/b`, '/c'],
    });
  });

  test('are all in the usage', () => {
    const named = [...usage.matchAll(/^ {2}(--[a-z-]+)/gm)].map((match) => match[1] ?? '');
    expect(named).toHaveLength(9);
    const values: Record<string, string> = {
      '--rounds': '1',
      '--only': 'image',
      '--workload': 'lua',
    };
    for (const option of named) {
      const words = option === '--quick' ? [option] : [option, values[option] ?? 'x'];
      expect(() => parseOptions(words)).not.toThrow();
    }
  });

  test.each([
    [['--rounds', '0'], '--rounds takes a number from 1, not "0"'],
    [
      ['--only', 'speed'],
      '--only takes registering, running, wrapping, watching, starting, sizes, image, accelerate, machines, not "speed"',
    ],
    [['--fast'], "Unknown option '--fast'"],
  ])('refuse %j', (words, message) => {
    expect(() => parseOptions(words)).toThrow(message);
  });
});
