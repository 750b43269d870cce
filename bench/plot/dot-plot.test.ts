import { describe, expect, test } from 'vitest';
import { dotPlot } from './dot-plot.ts';
import type { Dot } from './dot-plot.ts';

const dot = (name: string, value: number, more: Partial<Dot> = {}): Dot => ({
  name,
  value,
  text: `${value} ms`,
  emphasized: false,
  ...more,
});

const plot = (...dots: Dot[]) => dotPlot({ title: 'Times', axis: 'milliseconds', tick: String, dots });

function attributes(svg: string, element: string, name: string): number[] {
  return [...svg.matchAll(new RegExp(`<${element} [^>]*\\b${name}="([\\d.]+)"`, 'g'))].map((match) =>
    Number(match[1]),
  );
}

describe('dot plot', () => {
  test('puts equal ratios at equal distances', () => {
    const [one = 0, ten = 0, hundred = 0] = attributes(
      plot(dot('a', 1), dot('b', 10), dot('c', 100)),
      'circle',
      'cx',
    );
    expect(ten - one).toBeGreaterThan(50);
    expect(hundred - ten).toBeCloseTo(ten - one, 0);
  });

  test('has a line at each power of ten around the values', () => {
    const svg = plot(dot('a', 3), dot('b', 250));
    expect([...svg.matchAll(/text-anchor="middle">([^<]+)</g)].map((match) => match[1])).toEqual([
      '1',
      '10',
      '100',
      '1000',
      'milliseconds',
    ]);
  });

  test('draws what lies between the least and the greatest', () => {
    const svg = plot(dot('a', 10, { range: [1, 100] }));
    const [centre = 0] = attributes(svg, 'circle', 'cx');
    const range = svg.split('\n').find((line) => line.includes('stroke-width')) ?? '';
    const [from = 0] = attributes(range, 'line', 'x1');
    const [to = 0] = attributes(range, 'line', 'x2');
    expect([from < centre, centre < to]).toEqual([true, true]);
  });

  test('also has a width when all values are the same power of ten', () => {
    expect(plot(dot('a', 10))).not.toContain('NaN');
  });

  test('distinguishes ours, and writes any name as text', () => {
    const svg = plot(dot('<a> & b', 2, { emphasized: true }), dot('other', 3));
    expect(svg).toContain('>&lt;a&gt; &amp; b</text>');
    expect(new Set([...svg.matchAll(/<circle [^>]*fill="([^"]+)"/g)].map((match) => match[1])).size).toBe(2);
  });
});
