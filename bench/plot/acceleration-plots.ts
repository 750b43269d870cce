import type { Report } from '../report.ts';
import { dotPlot, type Dot } from './dot-plot.ts';

/** SVG documents by file name: one that shows how much quicker builds are, one with their times. */
export function accelerationPlots({ acceleration }: Pick<Report, 'acceleration'>): Map<string, string> {
  const measured = (acceleration?.workloads ?? []).flatMap((one) =>
    one.outcome === 'measured' ? [one] : [],
  );
  if (measured.length === 0) return new Map();
  const short = (title: string) => title.replace(/[:,].*$/, '');
  const ratios = [...measured]
    .sort((a, b) => b.ratio - a.ratio)
    .map(({ title, ratio, goal }): Dot => {
      const text = `${ratio.toFixed(1)} ×${goal === undefined ? '' : ` (goal ${goal})`}`;
      return { name: short(title), value: ratio, text, emphasized: true };
    });
  const times = measured.flatMap(({ name, plain, accelerated, native }): Dot[] => [
    dot(`${name}, emulated`, plain.cpuMs, false),
    dot(`${name}, accelerated`, accelerated.cpuMs, true),
    dot(`${name}, native`, native.cpuMs, false),
  ]);
  const axis = 'processor time of plain emulation divided by that with native tools';
  const tick = (value: number) => String(Number(value.toPrecision(1)));
  return new Map([
    [
      'acceleration-ratio.svg',
      dotPlot({ title: 'Emulated builds with native tools', axis, tick, dots: ratios }),
    ],
    [
      'acceleration-time.svg',
      dotPlot({ title: 'Processor time of builds', axis: 'seconds', tick, dots: times }),
    ],
  ]);
}

function dot(name: string, milliseconds: number, emphasized: boolean): Dot {
  const seconds = milliseconds / 1000;
  return { name, value: seconds, text: `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`, emphasized };
}
