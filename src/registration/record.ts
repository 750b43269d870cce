import type { Rule } from '../core/rule.ts';
import type { Emulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import type { Applied } from './apply-action.ts';
import { openDigests, type Digests } from './digests.ts';
import { samePlace, type Place } from './here.ts';
import { reconcile } from './ledger.ts';
import type { Ledger, Registration } from './ledger-document.ts';
import { fingerprintOf } from './pinned.ts';
import type { Plan, PlanAction } from './plan-data.ts';
import { ruleText } from './rule-text.ts';
import type { Table } from './table.ts';

/** When, where and by whom. */
export type Making = Pick<Registration, 'at' | 'by' | 'place'>;

/**
 * What is about to be registered, recorded before the kernel is written to.
 *
 * @param state where digests are kept
 */
export function announce(
  host: Pick<Host, 'files'>,
  state: string,
  ledger: Ledger,
  plan: Plan,
  making: Making,
): Ledger {
  const isUnknown = plan.some((action) => registers(action) && action.emulator?.sha256 === undefined);
  const digests = isUnknown ? openDigests(host, state) : undefined;
  const intended = plan.flatMap((action) => intendedBy(host, action, digests, making));
  digests?.save();
  return { ...ledger, registrations: [...ledger.registrations, ...intended] };
}

function intendedBy(
  host: Pick<Host, 'files'>,
  { kind, architecture, name, emulator, adopted, steps }: PlanAction,
  digests: Digests | undefined,
  making: Making,
): Registration[] {
  if (architecture === undefined) return [];
  return steps.flatMap((step): Registration[] => {
    // What is given back is not ours, but what stands in for it is: were this command killed, the next one would go on.
    if (step.kind !== 'register' || (kind === 'release' && step.rule.name === name)) return [];
    const { path, version, sha256, interposed } = emulator ?? unknownEmulator(step.rule);
    return [
      {
        architecture,
        name: step.rule.name,
        rule: ruleText(step.rule),
        emulator: { path, version, sha256: sha256 ?? digests?.of(path), interposed },
        file: fingerprintOf(host, path),
        ...making,
        state: 'intended',
        ...(adopted === undefined ? {} : { adopted }),
      },
    ];
  });
}

function unknownEmulator({
  interpreter,
}: Rule): Pick<Emulator, 'path' | 'version' | 'sha256' | 'interposed'> {
  return { path: interpreter, version: 'unknown', sha256: undefined };
}

/** The ledger after the writes: what was done is made, what it took the place of goes, and only what the kernel lists stays. */
export function settle(announced: Ledger, applied: readonly Applied[], table: Table, place: Place): Ledger {
  const done = new Set(
    applied.flatMap(({ action, error }) => (error === undefined && registers(action) ? [action.name] : [])),
  );
  const isDone = (one: Registration) => done.has(one.name) && samePlace(one.place, place);
  const givenBack = new Set(
    applied.flatMap(({ action, error }) =>
      error === undefined && action.kind === 'release' ? [action.name] : [],
    ),
  );
  const listed = reconcile(announced, table, place).registrations.filter(
    (one) => !givenBack.has(one.name) || !samePlace(one.place, place),
  );
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
