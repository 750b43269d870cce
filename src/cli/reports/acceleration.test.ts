import { expect, it } from 'vitest';
import type { AccelerationReport } from '../../accelerate/index.ts';
import { plain } from '../style.ts';
import { formatAcceleration } from './acceleration.ts';

const nothing: AccelerationReport = {
  schema: 'anyarch/acceleration-report/1',
  startedAt: '2026-11-22T03:10:00.000Z',
  endedAt: '2026-11-22T03:11:30.500Z',
  substituted: 0,
  emulated: 0,
  programs: [],
  candidates: [],
  gain: { lowerBoundMs: 0, measuredStarts: 0, unmeasuredStarts: 0, computed: '' },
  losses: { overflows: 0, garbageLines: 0, unnamedStarts: 0 },
  told: '',
};

it('says that nothing was started', () => {
  expect(formatAcceleration(nothing, plain)).toBe(
    '0 starts of foreign programs from 2026-11-22 03:10:00 to 2026-11-22 03:11:30 (UTC): 0 ran natively, 0 were emulated\n',
  );
});

it('shows programs with their reasons, the least that was won, what comes next and what may be missing', () => {
  const text = formatAcceleration(
    {
      ...nothing,
      substituted: 41,
      emulated: 6,
      programs: [
        {
          path: '/usr/libexec/gcc/cc1',
          substituted: 41,
          by: ['/dev/.anyarch/abc234/bin/cc1'],
          emulated: 4,
          reasons: [
            { reason: 'argument', detail: '-fplugin=x', times: 3 },
            { reason: 'preload', detail: '/etc/ld.so.preload', times: 1 },
          ],
        },
        {
          path: '/usr/bin/perl',
          substituted: 0,
          by: [],
          emulated: 2,
          reasons: [{ reason: 'unknown', detail: '', times: 2 }],
        },
      ],
      candidates: [
        { path: '/usr/bin/cmake', times: 3 },
        { path: '/usr/bin/perl', times: 2, denied: 'loads modules' },
      ],
      gain: { lowerBoundMs: 1549, measuredStarts: 40, unmeasuredStarts: 1, computed: '' },
      losses: { overflows: 2, garbageLines: 3, unnamedStarts: 0 },
    },
    plain,
  );
  expect(text).toMatchInlineSnapshot(`
    "47 starts of foreign programs from 2026-11-22 03:10:00 to 2026-11-22 03:11:30 (UTC): 41 ran natively, 6 were emulated
    won at least 1.5 s: the start-up of 40 programs alone, without what they did then, 1 further starts not measured

    PROGRAM               NATIVE  EMULATED  WHY
    /usr/libexec/gcc/cc1  41      4         argument -fplugin=x (3), preloaded by /etc/ld.so.preload (1)
    /usr/bin/perl         0       2         no recipe

    without a recipe, so what could be accelerated next:
      /usr/bin/cmake  3 times

    never native, since a native build does not behave the same:
      /usr/bin/perl  2 times  loads modules

    so many starts at once that some may be missing here (2 came when the queue was full, or nearly so)
    3 times something was told that no interposer tells: some program in a container did
    "
  `);
});
