import { describe, expect, it, test } from 'vitest';
import { collectMessage } from './collect-message.ts';
import { toolPatterns } from './patterns/index.ts';
import { readMessage } from './read-message.ts';
import { mayTell } from './telling-words.ts';

const telling = toolPatterns.flatMap(({ patterns }) =>
  patterns
    .filter(({ symptoms, precision }) => symptoms.length > 0 && precision !== 'vague')
    .flatMap(({ examples }) => examples),
);

test.each(telling)('a quick look passes over no line of which a pattern knows: %s', (example) => {
  expect(mayTell(example)).toBe(true);
});

const numbers = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => String(from + index)).join('\n');

function inPieces(text: string, length: number): string {
  const collected = collectMessage();
  for (let at = 0; at < text.length; at += length) collected.add(text.slice(at, at + length));
  return collected.text();
}

describe('of a long text', () => {
  const long = `${numbers(1, 40_000)}\n#5 1.2 exec /bin/sh: exec format error\n${numbers(40_000, 120_000)}\n`;

  it('finds what stands in the middle', () => {
    expect(readMessage(long)).toMatchObject({
      symptoms: ['exec-format-error'],
      program: '/bin/sh',
      lines: ['#5 1.2 exec /bin/sh: exec format error'],
    });
  });

  it.each([1, 1000, 4096, 65_536, 10_000_000])(
    'keeps start, end and that, read by %i characters',
    (length) => {
      const text = inPieces(length === 1 ? long.slice(0, 400_000) : long, length);
      expect(text.length).toBeLessThanOrEqual(64 * 1024);
      expect(text).toContain('exec /bin/sh: exec format error');
      expect(text.startsWith('1\n2\n')).toBe(true);
    },
  );

  it('keeps a short one as it is', () => {
    const short = numbers(1, 9000);
    expect(inPieces(short, 700)).toBe(short);
  });

  it('finds it wherever the pieces meet', () => {
    for (let before = 262_000; before < 264_000; before += 97) {
      const text = `${'x'.repeat(before)}\nexec /bin/sh: exec format error\n${'y\n'.repeat(200_000)}`;
      expect(inPieces(text, 65_536)).toContain('exec /bin/sh: exec format error');
    }
  });

  it('finds it among any number of other lines that speak of errors', () => {
    const names = (seed: number): string =>
      seed.toString(36).replace(/\d/g, (digit) => 'ghijklmnop'[Number(digit)] ?? '');
    const errors = (from: number): string =>
      Array.from({ length: 60_000 }, (_, index) => `${names((from + index) * 7919)}: warning: no error`).join(
        '\n',
      );
    const text = `${errors(1)}\nbash: ./hello: cannot execute binary file: Exec format error\n${errors(70_000)}`;
    const start = performance.now();
    expect(readMessage(text).symptoms).toContain('exec-format-error');
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
