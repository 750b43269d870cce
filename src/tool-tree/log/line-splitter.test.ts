import fc from 'fast-check';
import { expect, it } from 'vitest';
import { lineSplitter } from './line-splitter.ts';
import { longestLine } from './log-line.ts';

const text = (line: Uint8Array | undefined) =>
  line === undefined ? undefined : new TextDecoder().decode(line);

it('gives the same lines however the stream is cut', () => {
  const lines = fc.array(fc.string({ unit: fc.constantFrom('a', '\t', 'é'), maxLength: 20 }));
  const cuts = fc.array(fc.nat(200));
  fc.assert(
    fc.property(lines, cuts, (all, places) => {
      const bytes = new TextEncoder().encode(all.map((line) => `${line}\n`).join(''));
      const ends = [...places.map((place) => Math.min(place, bytes.length)), bytes.length].sort(
        (a, b) => a - b,
      );
      const splitter = lineSplitter();
      const found = ends.flatMap((end, index) => splitter.push(bytes.slice(ends[index - 1] ?? 0, end)));
      expect(found.map(text)).toEqual(all);
      expect(splitter.isInside()).toBe(false);
    }),
  );
});

it('tells of a line that is too long, once, and goes on after it', () => {
  const splitter = lineSplitter();
  const found = [
    'x'.repeat(longestLine - 1),
    'y',
    'z'.repeat(5000),
    '\n',
    `short\n${'w'.repeat(longestLine)}\nlast\nbeg`,
  ].flatMap((chunk) => splitter.push(new TextEncoder().encode(chunk)));
  expect(found.map(text)).toEqual([undefined, 'short', undefined, 'last']);
  expect(splitter.isInside()).toBe(true);
});

it('does not keep the memory of what it was given', () => {
  const splitter = lineSplitter();
  const buffer = new TextEncoder().encode('one');
  splitter.push(buffer);
  buffer.fill(0x78);
  expect(splitter.push(new TextEncoder().encode('\n')).map(text)).toEqual(['one']);
});
