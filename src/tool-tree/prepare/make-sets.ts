import * as fs from 'node:fs';
import { fileFailure } from '../../host/file-failure.ts';
import type { Host } from '../../host/host.ts';
import type { Offers } from '../packages/offers.ts';
import { toolSetsDirectory } from '../places.ts';
import type { LeftOutTool, PlanInput, PlannedTool, ToolPlan } from '../plan/plan-tools.ts';
import type { PackageSide } from '../plan/side.ts';
import { ownWork, settleTree } from '../store/settle.ts';
import type { ToolGroup } from '../tool.ts';
import { makeSetOf } from './make-set-of.ts';
import { prepareGuest } from './prepare-guest.ts';
import type { PrepareOptions } from './options.ts';
import type { PreparedSet } from './report.ts';
import { writeRequest } from './request.ts';

export interface Making {
  readonly options: PrepareOptions;
  readonly offers: Offers;
  readonly sides: { readonly guest: PackageSide; readonly host: PackageSide };
  readonly input: PlanInput;
  readonly plan: ToolPlan;
  readonly requestKey: string;
}

/** What one set is made of. */
export interface SetPlan {
  readonly group: ToolGroup;
  /** Debian's name, or `any`. */
  readonly guestArchitecture: string;
  readonly planned: readonly PlannedTool[];
}

/** Makes and installs the sets of a plan, one after the other; only with the lock. */
export async function makeSets(host: Host, making: Making): Promise<PreparedSet[]> {
  const { options, plan } = making;
  if (plan.planned.length === 0) return withLeftOut([], plan.leftOut);
  const work = `${toolSetsDirectory(options.state)}/${ownWork()}`;
  try {
    fs.rmSync(work, { recursive: true, force: true });
    fs.mkdirSync(work, { mode: 0o755 });
    const guest = await prepareGuest(making, `${work}/guest`);
    const prepared: PreparedSet[] = [];
    let isFinal = true;
    const keys: string[] = [];
    for (const one of setPlans(plan)) {
      const made = await makeSetOf(host, making, guest, work, one);
      prepared.push(made.set);
      isFinal &&= made.isFinal;
      if (made.pairing !== undefined) keys.push(made.pairing);
      // Each counts as soon as it is whole: what comes after it may fail.
      settleTree(host, options.state);
    }
    const leftOut = [...plan.leftOut, ...prepared.flatMap((one) => one.leftOut)];
    if (isFinal)
      writeRequest(host.files, options.state, making.requestKey, {
        schema: 'anyarch/tool-request/1',
        pairings: keys,
        leftOut,
        absent: plan.absent,
      });
    return withLeftOut(prepared, plan.leftOut);
  } catch (error) {
    throw fileFailure(error, work);
  } finally {
    fs.rmSync(work, { recursive: true, force: true });
  }
}

function setPlans({ planned }: ToolPlan): SetPlan[] {
  const plans = new Map<string, SetPlan>();
  for (const one of planned) {
    const guestArchitecture = one.tool.perArchitecture === true ? (one.variables['arch'] ?? 'any') : 'any';
    const key = `${one.tool.group} ${guestArchitecture}`;
    const plan = plans.get(key) ?? { group: one.tool.group, guestArchitecture, planned: [] };
    plans.set(key, { ...plan, planned: [...plan.planned, one] });
  }
  return [...plans.values()];
}

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
