import { describe, expect, test } from 'vitest';
import type { Measurement } from './measure.ts';
import { hasFailed, reportDocument, reportText } from './report.ts';
import type { Report } from './report.ts';

const took = (name: string, median: number): Measurement => ({
  name,
  outcome: 'measured',
  time: { median, min: median - 1, max: median + 1, count: 5 },
});

const missing: Measurement = { name: 'bwrap', outcome: 'missing', reason: 'no such program' };
const failed: Measurement = { name: 'podman', outcome: 'failed', reason: 'exit code 125' };

function report(...measurements: Measurement[]): Report {
  const machine = {
    date: '2026-11-20',
    kernel: 'Linux 6.18',
    cpu: 'some',
    cpus: 2,
    load: 0,
    versions: { node: '20.20.2' },
  };
  const section = { title: 'Running', measurements, baselines: ['ours'], floor: 'floor' };
  return { machine, rounds: 5, sections: [section], sizeTables: [], failures: [] };
}

describe('report', () => {
  test('gives ratios to the baseline and differences to the floor', () => {
    expect(reportDocument(report(took('ours', 50), took('other', 200), took('floor', 10)))).toMatchObject({
      sections: [
        {
          rows: [
            { name: 'ours', ratios: { ours: 1 }, aboveFloor: 40 },
            { name: 'other', ratios: { ours: 4 }, aboveFloor: 190 },
            { name: 'floor', ratios: { ours: 0.2 }, aboveFloor: 0 },
          ],
        },
      ],
    });
  });

  test('prints aligned columns', () => {
    const text = reportText(report(took('ours', 50), took('other', 200), took('floor', 10)));
    const table = text.split('\n').filter((line) => /^(Running|ours|other|floor)/.test(line));
    expect(table).toEqual([
      'Running  median      min–max  ÷ ours  less floor',
      'ours       50.0    49.0–51.0  1.00 ×       +40.0',
      'other     200.0  199.0–201.0  4.00 ×      +190.0',
      'floor      10.0     9.0–11.0  0.20 ×        +0.0',
    ]);
  });

  test('names what is missing and does not fail for it', () => {
    const incomplete = report(took('ours', 50), missing);
    expect(reportText(incomplete)).toContain('left out bwrap: no such program');
    expect(hasFailed(incomplete)).toBe(false);
  });

  test('prints sizes of images, and names those that are missing', () => {
    const text = reportText({
      ...report(),
      sizeTables: [
        {
          title: 'Size',
          baseline: 'ours',
          rows: [
            { name: 'ours', outcome: 'measured', compressed: 200_000, unpacked: 400_000 },
            { name: 'peer', outcome: 'missing', reason: 'give its path' },
          ],
        },
      ],
    });
    expect(text).toContain('Size  compressed  unpacked  ÷ ours\nours      200 kB    400 kB  1.00 ×\n');
    expect(text).toContain('left out peer: give its path');
  });

  test('fails when something could not be run', () => {
    const broken = report(took('ours', 50), failed);
    expect(reportText(broken)).toContain('FAILED podman: exit code 125');
    expect(hasFailed(broken)).toBe(true);
    expect(hasFailed({ ...report(), failures: ['no build'] })).toBe(true);
  });

  test('leaves ratios out where the baseline could not be measured', () => {
    const text = reportText(report({ ...failed, name: 'ours' }, took('other', 200)));
    expect(text).toMatch(/^other +200\.0 +199\.0–201\.0$/m);
  });
});
