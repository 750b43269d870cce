import { expect, test } from 'vitest';
import {
  accelerationCells,
  accelerationNotes,
  hasFailedWorkload,
  type AccelerationTable,
} from './measured-workload.ts';
import { accelerationPlots } from '../plot/acceleration-plots.ts';

const measured = {
  name: 'lua',
  title: 'make: Lua',
  outcome: 'measured',
  plain: { wallMs: 70_000, cpuMs: 123_400 },
  accelerated: { wallMs: 6000, cpuMs: 9100 },
  native: { wallMs: 5000, cpuMs: 8400 },
  ratio: 13.56,
  goal: 8,
  outputs: {
    compared: 69,
    differences: [],
    excepted: [{ reason: 'has the time in it', paths: ['a', 'b', 'c', 'd'] }],
  },
  substituted: 120,
  emulated: 3,
  mostEmulated: ['/usr/bin/perl 2× (unknown)'],
} as const;

test('a workload is a row, and what is to be known beside it a note', () => {
  const table: AccelerationTable = {
    isQuick: false,
    workloads: [measured],
    facts: [{ name: 'tool set of group c', value: '123 MB', goal: 'at most 150 MB' }],
  };
  expect(accelerationCells(table)[1]).toEqual([
    'make: Lua',
    '123.4',
    '9.10',
    '8.40',
    '13.6 ×',
    '≥ 8 ×',
    '70.0 → 6.00',
    '120 of 123',
    '69 same',
  ]);
  expect(accelerationNotes(table)).toEqual([
    'tool set of group c: 123 MB (goal: at most 150 MB)',
    'lua: a, b, c and 1 more may differ: has the time in it',
    'lua: still emulated: /usr/bin/perl 2× (unknown)',
  ]);
  expect(hasFailedWorkload(table)).toBe(false);
  expect([...accelerationPlots({ acceleration: table }).keys()]).toEqual([
    'acceleration-ratio.svg',
    'acceleration-time.svg',
  ]);
});

test('an output that differs is a failure, as is a workload that did not run', () => {
  const differing = { ...measured, outputs: { compared: 69, differences: ['lua'], excepted: [] } };
  const failed = { name: 'go', title: 'go build', outcome: 'failed', reason: 'exit code 1' } as const;
  for (const workload of [differing, failed]) {
    const table: AccelerationTable = { isQuick: true, workloads: [workload], facts: [] };
    expect(hasFailedWorkload(table)).toBe(true);
    expect(accelerationNotes(table)[0]).toMatch(/^FAILED (lua: lua differ|go build: exit code 1)$/);
  }
  expect(accelerationPlots({ acceleration: { isQuick: true, workloads: [failed], facts: [] } }).size).toBe(0);
});
