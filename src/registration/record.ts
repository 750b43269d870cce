import type { Host } from '../host/host.ts';
import type { Applied } from './apply-action.ts';
import { samePlace, type Place } from './here.ts';
import { reconcile } from './ledger.ts';
import type { Ledger, Registration } from './ledger-document.ts';
import { fingerprintOf } from './pinned.ts';
import type { Plan, PlanAction } from './plan-data.ts';
import { ruleText } from './rule-text.ts';
import type { Table } from './table.ts';

/** What is about to be registered, recorded before the kernel is written to. */
export function announce(
  host: Pick<Host, 'files' | 'clock'>,
  ledger: Ledger,
  plan: Plan,
  place: Place,
  by: string | undefined,
): Ledger {
  const at = new Date(host.clock.now()).toISOString();
  const intended = plan.flatMap((action) => intendedBy(host, action, { place, at, by }));
  return { ...ledger, registrations: [...ledger.registrations, ...intended] };
}

function intendedBy(
  host: Pick<Host, 'files'>,
  { architecture, emulator, steps }: PlanAction,
  made: Pick<Registration, 'place' | 'at' | 'by'>,
): Registration[] {
  if (architecture === undefined || emulator === undefined) return [];
  const { path, version, sha256 } = emulator;
  const file = fingerprintOf(host, path);
  return steps.flatMap((step): Registration[] =>
    step.kind === 'register'
      ? [
          {
            architecture,
            name: step.rule.name,
            rule: ruleText(step.rule),
            emulator: { path, version, sha256 },
            file,
            ...made,
            state: 'intended',
          },
        ]
      : [],
  );
}

/** The ledger after the writes: what was done is made, what it took the place of goes, and only what the kernel lists stays. */
export function settle(announced: Ledger, applied: readonly Applied[], table: Table, place: Place): Ledger {
  const done = new Set(
    applied.flatMap(({ action, error }) => (error === undefined && registers(action) ? [action.name] : [])),
  );
  const isDone = (one: Registration) => done.has(one.name) && samePlace(one.place, place);
  const listed = reconcile(announced, table, place).registrations;
  const settled = listed.flatMap((one, index): Registration[] => {
    if (!isDone(one)) return [one];
    // The announcement came last; what stands before it was made, or announced, by earlier commands.
    const isLatest = !listed.slice(index + 1).some((later) => later.name === one.name && isDone(later));
    return isLatest ? [{ ...one, state: 'made' }] : [];
  });
  return { ...announced, registrations: settled };
}

function registers({ steps }: PlanAction): boolean {
  return steps.some(({ kind }) => kind === 'register');
}
