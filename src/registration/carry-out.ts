import type { Host } from '../host/host.ts';
import { isDisturbed, type Applied } from './apply-action.ts';
import { applyPlan, hopelessError } from './apply.ts';
import { readLedger, writeLedger } from './ledger.ts';
import type { Ledger } from './ledger-document.ts';
import type { Plan, PlanAction } from './plan-data.ts';
import type { Prover } from './prove.ts';
import { announce, settle, type Making } from './record.ts';
import { survey, type Survey } from './survey.ts';
import { readTable } from './table.ts';
import { addWishes, dropWishes, type WishChange } from './wishes.ts';

/** How often that is planned anew which another program has got in the way of. */
const mostRetries = 3;

export interface CarryOutParts {
  readonly state: string;
  readonly prover: Prover;
  /** The command, as typed. */
  readonly by?: string | undefined;
  readonly wishes: WishChange;
  /** By what there is at that moment. */
  readonly plan: (found: Survey) => Plan;
}

/**
 * Announces, writes, proves, records. Killed at any point, it leaves what the next command understands. What another
 * program gets in the way of is looked at and planned anew a few times: two containers may do the same at once.
 *
 * @param first what is planned for what was found
 */
export function carryOut(
  host: Host,
  parts: CarryOutParts,
  first: { readonly survey: Survey; readonly plan: Plan },
): Applied[] {
  const { state, by = host.system.command, wishes } = parts;
  const making = { at: new Date(host.clock.now()).toISOString(), by, place: first.survey.place };
  let applied = carryOutOnce(host, parts, making, first.survey, first.plan);
  for (let retry = 1; retry <= mostRetries && applied.some(isDisturbed); retry += 1) {
    const disturbed = applied.filter(isDisturbed);
    // Who disturbs each other must not meet in step again.
    host.clock.sleep(Math.ceil(Math.random() * 20 * retry));
    const found = survey(host, state);
    const again = parts
      .plan(found)
      .filter((action) => disturbed.some((one) => isForSame(one.action, action)));
    const done = carryOutOnce(host, parts, making, found, again);
    applied = applied.map((one) => (isDisturbed(one) ? outcomeNow(one, done, found) : one));
  }
  const failed = applied.flatMap(({ action, error }) => (error === undefined ? [] : [action.architecture]));
  const ledger = readLedger(host, state);
  const ended = dropWishes(ledger, wishes, making, (architecture) => !failed.includes(architecture));
  saveIfChanged(host, state, ledger, ended);
  return applied;
}

function outcomeNow(before: Applied, done: readonly Applied[], { table }: Survey): Applied {
  const now = done.find(({ action }) => isForSame(before.action, action));
  if (now !== undefined) return now;
  const isThere = table.entries.some(({ name }) => name === before.action.name);
  // What was to be removed is gone, or is somebody's by now.
  return before.action.kind === 'remove' && !isThere ? { ...before, error: undefined } : before;
}

function isForSame(a: PlanAction, b: PlanAction): boolean {
  return a.kind === 'remove' || b.kind === 'remove'
    ? a.kind === b.kind && a.name === b.name
    : a.architecture === b.architecture;
}

function carryOutOnce(
  host: Host,
  { state, prover, wishes }: CarryOutParts,
  making: Making,
  { ledger, recorded, place }: Survey,
  plan: Plan,
): Applied[] {
  const table = host.binfmt.table();
  const remaining = dropWishes(ledger, wishes, making, () => false);
  const announced = announce(host, state, remaining, plan, making);
  saveIfChanged(host, state, recorded, announced);
  const applied = applyPlan({ host, table, prove: prover.prove }, plan);
  const settled = settle(announced, applied, readTable(host), place);
  saveIfChanged(
    host,
    state,
    announced,
    wishes.asked === undefined ? settled : addWishes(settled, applied, wishes.asked, making),
  );
  const hopeless = hopelessError(applied);
  if (hopeless !== undefined) throw hopeless;
  return applied;
}

function saveIfChanged(host: Host, state: string, before: Ledger, after: Ledger): void {
  if (JSON.stringify(before) !== JSON.stringify(after)) writeLedger(host, state, after);
}
