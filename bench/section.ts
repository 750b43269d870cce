import type { Measurement } from './measure.ts';

/** Contenders that are compared with each other. */
export interface Section {
  readonly title: string;
  readonly measurements: readonly Measurement[];
  /** Names of those that the others' times are divided by. */
  readonly baselines: readonly string[];
  /** Name of the one whose time is subtracted from the others'. */
  readonly floor?: string;
}

export type Row = Measurement & {
  /** Median divided by each baseline's. */
  readonly ratios: Readonly<Record<string, number>>;
  /** Median less the floor's, milliseconds. */
  readonly aboveFloor?: number;
};

export function rowsOf({ measurements, baselines, floor }: Section): Row[] {
  const medians = new Map(
    measurements.flatMap((one) => (one.outcome === 'measured' ? [[one.name, one.time.median] as const] : [])),
  );
  const lowest = medians.get(floor ?? '');
  return measurements.map((measurement): Row => {
    const median = medians.get(measurement.name);
    if (median === undefined) return { ...measurement, ratios: {} };
    const ratios = baselines.flatMap((name) => {
      const base = medians.get(name);
      return base === undefined ? [] : [[name, median / base] as const];
    });
    return {
      ...measurement,
      ratios: Object.fromEntries(ratios),
      ...(lowest === undefined ? {} : { aboveFloor: median - lowest }),
    };
  });
}
