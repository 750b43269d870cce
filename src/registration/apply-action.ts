import { AnyarchError } from '../core/error.ts';
import { parseEntry } from '../core/entry.ts';
import { validateRule, type Rule } from '../core/rule.ts';
import type { Host } from '../host/host.ts';
import type { KernelTable } from '../host/kernel-table.ts';
import { SystemError, ignoring } from '../host/system-error.ts';
import type { PlanAction, PlanStep } from './plan-data.ts';
import type { Proof } from './prove.ts';
import { changingError, registeringError } from './registering-error.ts';
import { removeEntry } from './remove-entry.ts';
import { ruleBytes } from './rule-text.ts';
import { sameRule } from './same-rule.ts';

export interface Applied {
  readonly action: PlanAction;
  /** Of the last probe; undefined when the action has none or did not get there. */
  readonly proof: Proof | undefined;
  readonly error: AnyarchError | undefined;
}

export interface WriteParts {
  readonly host: Pick<Host, 'files'>;
  readonly table: KernelTable;
}

/** Gives an architecture to prove, takes the proof. */
export type Course = Generator<string, Applied, Proof>;

/** Carries out one action's steps. A failing step ends it and takes back what stood in; what was there before stays. */
export function* applyAction(parts: WriteParts, action: PlanAction): Course {
  if (action.error !== undefined) return { action, proof: undefined, error: action.error };
  let proof: Proof | undefined;
  const done: PlanStep[] = [];
  try {
    for (const step of action.steps) {
      if (step.kind === 'prove') {
        proof = yield action.architecture ?? '';
        requireProof(parts, proof, lastRegistered(done) ?? action.rule);
      } else {
        applyStep(parts, step);
      }
      done.push(step);
    }
    return { action, proof, error: undefined };
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    return { action, proof, error: undo(parts, done, error) };
  }
}

function applyStep(parts: WriteParts, step: Exclude<PlanStep, { kind: 'prove' }>): void {
  if (step.kind === 'register') register(parts, step.rule);
  else if (step.kind === 'disable') disable(parts, step.name);
  else remove(parts, step.name, step.expected);
}

/** One write, then read back: a write that went to another table, or was undone by another tool, is no success. */
function register({ host, table }: WriteParts, rule: Rule): void {
  validateRule(rule);
  try {
    table.register(ruleBytes(rule));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw registeringError(host, table.path, rule, error);
  }
  if (isListed(table, rule)) return;
  const text = ignoring(['ENOENT'], () => table.read(rule.name));
  throw new AnyarchError(
    'ANYARCH_REGISTER_FAILED',
    `registered ${rule.name} in ${table.path}, but reading it back ${text === undefined ? 'finds nothing' : `gives something else: ${text.trim()}`}`,
    {
      hint: 'another program is changing the table; run the command again when it has ended',
      details: disturbedDetails,
    },
  );
}

/** What has changed since it was looked at is not what was to be removed. */
function remove({ table }: WriteParts, name: string, expected: string | Rule): void {
  const text = ignoring(['ENOENT'], () => table.read(name));
  if (text === undefined) return;
  if (typeof expected === 'string' ? text !== expected : !sameRule(parseEntry(name, text), expected)) {
    throw new AnyarchError(
      'ANYARCH_REGISTER_FAILED',
      `left ${table.path}/${name} alone: another program changed it in the meantime`,
      {
        hint: 'run the command again',
        details: disturbedDetails,
      },
    );
  }
  removeEntry(table, name);
  if (ignoring(['ENOENT'], () => table.read(name)) === undefined) return;
  throw new AnyarchError('ANYARCH_REGISTER_FAILED', `removed ${table.path}/${name}, but it is still there`, {
    hint: 'anyarch status',
    // Or there again.
    details: disturbedDetails,
  });
}

function disable({ table }: WriteParts, name: string): void {
  try {
    table.control(name, '0');
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw changingError(table.path, name, error, 'disable');
  }
}

/** @param rule what is to run the probe; when it has gone meanwhile, the probe says nothing about it */
function requireProof({ table }: WriteParts, proof: Proof, rule: Rule | undefined): void {
  if (proof.status !== 'failed') return;
  const isThere = rule === undefined || isListed(table, rule);
  throw new AnyarchError('ANYARCH_PROBE_FAILED', proof.reason, {
    hint: proof.hint,
    ...(isThere ? {} : { details: disturbedDetails }),
  });
}

function lastRegistered(done: readonly PlanStep[]): Rule | undefined {
  const last = done.findLast((step) => step.kind === 'register');
  return last?.kind === 'register' ? last.rule : undefined;
}

function isListed(table: KernelTable, rule: Rule): boolean {
  const text = ignoring(['ENOENT'], () => table.read(rule.name));
  if (text === undefined) return false;
  const entry = parseEntry(rule.name, text);
  return entry.enabled && sameRule(entry, rule);
}

const disturbedDetails = { disturbed: true };

/** Whether another program changed the table at the same time, so that it may well work in another attempt. */
export function isDisturbed({ error }: Applied): boolean {
  return error?.details['disturbed'] === true || error?.details['errno'] === 'EEXIST';
}

/** Takes back what was registered last. What something old has made way for stays: a doubtful entry is better than none. */
function undo(parts: WriteParts, done: readonly PlanStep[], error: AnyarchError): AnyarchError {
  const afterRemovals = done.slice(done.findLastIndex((step) => step.kind === 'remove') + 1);
  const problems = afterRemovals.flatMap((step) =>
    step.kind === 'register' ? takeBack(parts, step.rule) : [],
  );
  if (problems.length === 0) return error;
  return new AnyarchError(error.code, `${error.message}; and ${problems.join('; ')}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    details: error.details,
    cause: error,
  });
}

function takeBack(parts: WriteParts, rule: Rule): string[] {
  try {
    remove(parts, rule.name, rule);
    return [];
  } catch (error) {
    if (error instanceof AnyarchError) return [error.message];
    throw error;
  }
}
