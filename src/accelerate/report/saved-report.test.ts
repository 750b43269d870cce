import { expect, test } from 'vitest';
import { fakeHost } from '../../host/testing/fake-host.ts';
import type { AccelerationReport } from './acceleration-report.ts';
import { lastReport, reportPath, saveReport } from './saved-report.ts';

const state = '/var/lib/anyarch';
const report: AccelerationReport = {
  schema: 'anyarch/acceleration-report/1',
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:00:01.000Z',
  substituted: 0,
  emulated: 3,
  programs: [],
  candidates: [
    { path: '/usr/bin/make', times: 1, denied: 'it names the machine that it was built for' },
    { path: '/usr/bin/x', times: 2 },
  ],
  gain: { lowerBoundMs: 0, measuredStarts: 0, unmeasuredStarts: 0, computed: 'from nothing' },
  losses: { overflows: 0, garbageLines: 0, unnamedStarts: 0 },
  told: 'by interposers',
};

test('a report is read as it was saved, with programs that are denied and such that are not', () => {
  const host = fakeHost();
  saveReport(host, reportPath(state), report);
  expect(lastReport(host, state)).toEqual(report);
});

test('one that is damaged is told', () => {
  const host = fakeHost();
  const damaged = { ...report, candidates: [{ path: '/usr/bin/make', times: 1, denied: 1 }] };
  saveReport(host, reportPath(state), damaged as unknown as AccelerationReport);
  expect(() => lastReport(host, state)).toThrowWithCode('ANYARCH_STATE_INVALID');
});
