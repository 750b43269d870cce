import * as fs from 'node:fs';
import { fileFailure } from '../../host/file-failure.ts';
import type { Host } from '../../host/host.ts';
import { toolSetsDirectory } from '../places.ts';
import type { ToolPlan } from '../plan/plan-tools.ts';
import { ownWork, settleTree } from '../store/settle.ts';
import { makeSetOf } from './make-set-of.ts';
import type { Making, SetPlan } from './making.ts';
import { withLeftOut } from './with-left-out.ts';
import { prepareGuest } from './prepare-guest.ts';
import type { PreparedSet } from './report.ts';
import { writeRequest } from './request.ts';

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
