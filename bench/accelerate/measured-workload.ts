import type { Comparison } from './outputs.ts';
import type { Spent } from './timed.ts';

/** A workload's numbers: of several runs the quickest by processor time, since nothing makes a run quicker than it is. */
export type MeasuredWorkload =
  | {
      readonly name: string;
      readonly title: string;
      readonly outcome: 'measured';
      readonly plain: Spent;
      readonly accelerated: Spent;
      readonly native: Spent;
      /** Plain divided by accelerated, processor time. */
      readonly ratio: number;
      readonly goal?: number;
      /** Of the plain and the accelerated run. */
      readonly outputs: Comparison;
      /** Starts of programs. */
      readonly substituted: number;
      readonly emulated: number;
      /** Programs that were emulated most often. */
      readonly mostEmulated: readonly string[];
    }
  | { readonly name: string; readonly title: string; readonly outcome: 'failed'; readonly reason: string };

/** One fact that is not a workload's: the size of a tree, the cost of falling through. */
export interface Fact {
  readonly name: string;
  readonly value: string;
  readonly goal: string;
}

export interface AccelerationTable {
  readonly isQuick: boolean;
  readonly workloads: readonly MeasuredWorkload[];
  readonly facts: readonly Fact[];
}

export function hasFailedWorkload({ workloads }: AccelerationTable): boolean {
  return workloads.some((one) => one.outcome === 'failed' || one.outputs.differences.length > 0);
}

/** Rows of a table: seconds. */
export function accelerationCells({ workloads, isQuick }: AccelerationTable): string[][] {
  const header = [
    '',
    'plain',
    'accelerated',
    'native',
    'quicker',
    'goal',
    'wall',
    'native starts',
    'outputs',
  ];
  const title = isQuick ? 'Emulated builds (small inputs), CPU s' : 'Emulated builds, CPU s';
  return [
    [title, ...header.slice(1)],
    ...workloads.flatMap((one) => {
      if (one.outcome === 'failed') return [];
      const { plain, accelerated, native, outputs, substituted, emulated } = one;
      return [
        [
          one.title,
          seconds(plain.cpuMs),
          seconds(accelerated.cpuMs),
          seconds(native.cpuMs),
          `${one.ratio.toFixed(1)} ×`,
          one.goal === undefined ? '' : `≥ ${one.goal} ×`,
          `${seconds(plain.wallMs)} → ${seconds(accelerated.wallMs)}`,
          `${substituted} of ${substituted + emulated}`,
          outputs.differences.length === 0
            ? `${outputs.compared} same`
            : `${outputs.differences.length} of ${outputs.compared} DIFFER`,
        ],
      ];
    }),
  ];
}

/** What has to be said of each workload beside the numbers. */
export function accelerationNotes({ workloads, facts }: AccelerationTable): string[] {
  return [
    ...facts.map(({ name, value, goal }) => `${name}: ${value} (goal: ${goal})`),
    ...workloads.flatMap((one) => {
      if (one.outcome === 'failed') return [`FAILED ${one.title}: ${one.reason}`];
      return [
        ...one.outputs.excepted.map(
          ({ reason, paths }) => `${one.name}: ${named(paths)} may differ: ${reason}`,
        ),
        ...(one.outputs.differences.length > 0
          ? [`FAILED ${one.name}: ${named(one.outputs.differences)} differ`]
          : []),
        ...(one.mostEmulated.length > 0
          ? [`${one.name}: still emulated: ${one.mostEmulated.join(', ')}`]
          : []),
      ];
    }),
  ];
}

function named(paths: readonly string[]): string {
  const shown = paths.slice(0, 3).join(', ');
  return paths.length > 3 ? `${shown} and ${paths.length - 3} more` : shown;
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(milliseconds < 10_000 ? 2 : 1);
}
