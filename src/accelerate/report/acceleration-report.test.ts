import { expect, it } from 'vitest';
import { accelerationReport } from './acceleration-report.ts';
import { parseTold } from '../../tool-tree/index.ts';
import { countTold, limits, newTally } from './tally.ts';

const cc1 = '/dev/.anyarch/abc234/bin/cc1';

function tallyOf(lines: readonly string[]) {
  const tally = newTally();
  for (const line of lines) countTold(tally, parseTold(new TextEncoder().encode(`anyarch1\t${line}\n`)));
  return tally;
}

function reportOf(lines: readonly string[]) {
  const followed = { tally: tallyOf(lines), startedAtMs: 0, endedAtMs: 1500, overflows: 0, processors: 2 };
  return accelerationReport(followed, (program) =>
    program === cc1 ? { emulatedMs: 40, acceleratedMs: 2.5 } : undefined,
  );
}

it('counts by program, with every reason', () => {
  const report = reportOf([
    `S\t1\t${cc1}\t/usr/libexec/cc1`,
    `S\t2\t${cc1}\t/usr/libexec/cc1`,
    'E\t3\tpreload\t\t/usr/libexec/cc1',
    'E\t4\tpreload\t\t/usr/libexec/cc1',
    'E\t5\targument\t-fplugin=x\t/usr/libexec/cc1',
    'S\t6\t/dev/.anyarch/abc234/bin/as\t/usr/bin/as',
  ]);
  expect(report).toMatchObject({
    startedAt: '1970-01-01T00:00:00.000Z',
    endedAt: '1970-01-01T00:00:01.500Z',
    substituted: 3,
    emulated: 3,
    programs: [
      {
        path: '/usr/libexec/cc1',
        substituted: 2,
        by: [cc1],
        emulated: 3,
        reasons: [
          { reason: 'preload', detail: '', times: 2 },
          { reason: 'argument', detail: '-fplugin=x', times: 1 },
        ],
      },
      { path: '/usr/bin/as', substituted: 1, emulated: 0, reasons: [] },
    ],
    candidates: [],
    losses: { overflows: 0, garbageLines: 0, unnamedStarts: 0 },
  });
});

it('says that the time won is a lower bound, and what it is made of', () => {
  const { gain } = reportOf([
    `S\t1\t${cc1}\t/usr/libexec/cc1`,
    `S\t1\t${cc1}\t/usr/libexec/cc1`,
    'S\t1\t/dev/.anyarch/abc234/bin/as\t/usr/bin/as',
    'E\t1\tunknown\t\t/usr/bin/python3',
  ]);
  expect(gain).toMatchObject({ lowerBoundMs: 75, measuredStarts: 2, unmeasuredStarts: 1 });
  expect(gain.computed).toContain('is not counted');
});

it('counts no more time than the starts that there was time for', () => {
  const { gain } = reportOf(Array.from({ length: 10_000 }, () => `S\t1\t${cc1}\t/usr/libexec/cc1`));
  // 1.5 s of two processors, 2.5 ms each.
  expect(gain.lowerBoundMs).toBe((3000 / 2.5) * 37.5);
});

it('names what could be accelerated next', () => {
  const { candidates } = reportOf([
    'E\t1\tunknown\t\t/usr/bin/zip',
    'E\t1\tunknown\t\t/usr/bin/cmake',
    'E\t1\tunknown\t\t/usr/bin/cmake',
    'E\t1\toff\t\t/usr/bin/gcc',
  ]);
  expect(candidates).toEqual([
    { path: '/usr/bin/cmake', times: 2 },
    { path: '/usr/bin/zip', times: 1 },
  ]);
});

it('keeps no more than its limits, and still counts everything', () => {
  const tally = tallyOf([
    ...Array.from({ length: limits.paths + 7 }, (_, index) => `E\t1\tunknown\t\t/bin/${index}`),
    ...Array.from({ length: 100 }, (_, index) => `E\t1\targument\t-x${index}\t/bin/0`),
    ...Array.from({ length: 100 }, (_, index) => `S\t1\t${cc1}${index}\t/bin/1`),
  ]);
  expect(tally).toMatchObject({ emulated: limits.paths + 107, substituted: 100, unnamed: 7 });
  expect(tally.paths.size).toBe(limits.paths);
  const report = accelerationReport(
    { tally, startedAtMs: 0, endedAtMs: 0, overflows: 0, processors: 2 },
    () => undefined,
  );
  const [first, second] = report.programs;
  expect(first).toMatchObject({ emulated: 101 });
  expect(first?.reasons.length).toBeLessThanOrEqual(limits.reasonsOfPath + 1);
  expect(first?.reasons[0]).toEqual({ reason: 'argument', detail: '', times: 101 - limits.reasonsOfPath });
  expect(second).toMatchObject({ substituted: 100, emulated: 1 });
  expect(second?.by.length).toBe(limits.programsOfPath);
  expect(report.losses.unnamedStarts).toBe(7);
});

it('counts what no interposer wrote', () => {
  const tally = tallyOf(['nonsense', `S\t1\t${cc1}\t/usr/libexec/cc1`]);
  countTold(tally, undefined);
  expect(tally).toMatchObject({ garbage: 2, substituted: 1 });
});

it('tells what is never replaced, and why, from what could be', () => {
  const { candidates } = reportOf(['E\t1\tunknown\t\t/usr/bin/perl', 'E\t1\tunknown\t\t/usr/bin/cmake']);
  const reasonOf = new Map(candidates.map(({ path, denied }) => [path, denied]));
  expect(reasonOf.get('/usr/bin/perl')).toContain('modules');
  expect(reasonOf.has('/usr/bin/cmake')).toBe(true);
  expect(reasonOf.get('/usr/bin/cmake')).toBeUndefined();
});
