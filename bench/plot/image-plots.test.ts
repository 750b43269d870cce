import { expect, test } from 'vitest';
import type { Measurement } from '../measure.ts';
import type { Section } from '../section.ts';
import { imagePlots } from './image-plots.ts';

const took = (name: string, median: number): Measurement => ({
  name,
  outcome: 'measured',
  time: { median, min: median / 2, max: median * 2, count: 5 },
});

const section = (title: string, ...measurements: Measurement[]): Section => ({
  title,
  measurements,
  baselines: [],
});

test('draws what the image’s comparisons have measured, without what is missing', () => {
  const missing: Measurement = { name: 'peer', outcome: 'missing', reason: 'give its path' };
  const plots = imagePlots({
    sections: [
      section('Running a program', took('anyarch run', 60)),
      section('Registering 8 targets', took('anyarch register', 20), missing),
      section('Registering all foreign targets', missing),
    ],
    sizeTables: [
      {
        title: 'Size of an image',
        baseline: 'anyarch',
        rows: [{ name: 'anyarch', outcome: 'measured', compressed: 230_000, unpacked: 460_000 }],
      },
    ],
  });
  expect([...plots.keys()]).toEqual(['image-size.svg', 'image-registering-8-targets.svg']);
  expect(plots.get('image-size.svg')).toContain('>230 kB</text>');
  expect(plots.get('image-registering-8-targets.svg')).toContain('>20.0 ms</text>');
  expect(plots.get('image-registering-8-targets.svg')).not.toContain('peer');
});
