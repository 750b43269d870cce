import type { Milestone, MilestoneName } from './milestones.ts';

/** How far a machine is on its way to be used, several times a second. */
export interface BootProgress {
  /** The furthest so far. */
  readonly milestone: Milestone;
  /** Milliseconds since QEMU's start. */
  readonly elapsedMs: number;
  /** What the console printed last; text of the guest. */
  readonly line: string;
}

export interface ReachedMilestone {
  readonly name: MilestoneName;
  /** Milliseconds since QEMU's start. */
  readonly afterMs: number;
}

/** What has been reached so far, each once, in the order in which it was. */
export interface Journey {
  reach(milestone: Milestone): void;
  readonly reached: readonly ReachedMilestone[];
  readonly furthest: Milestone;
}

export function journey(start: Milestone, elapsedMs: () => number): Journey {
  const reached: ReachedMilestone[] = [{ name: start.name, afterMs: elapsedMs() }];
  let furthest = start;
  return {
    reach: (milestone) => {
      if (reached.some(({ name }) => name === milestone.name)) return;
      reached.push({ name: milestone.name, afterMs: elapsedMs() });
      furthest = milestone;
    },
    reached,
    get furthest() {
      return furthest;
    },
  };
}
