import type { LeftOutTool } from '../plan/plan-tools.ts';
import type { PreparedSet } from './report.ts';

/** What was left out before anything was fetched belongs to its group's first set. */
export function withLeftOut(sets: readonly PreparedSet[], leftOut: readonly LeftOutTool[]): PreparedSet[] {
  const groups = [...new Set([...sets.map(({ group }) => group), ...leftOut.map(({ group }) => group)])];
  return groups.flatMap((group) => {
    const own = leftOut.filter((one) => one.group === group);
    const [first, ...others] = sets.filter((one) => one.group === group);
    const empty = {
      group,
      set: undefined,
      guestArchitecture: 'any',
      outcome: 'nothing',
      bytes: 0,
      tools: [],
      leftOut: [],
    } as const;
    const whole = first ?? empty;
    return [{ ...whole, leftOut: [...own, ...whole.leftOut] }, ...others];
  });
}
