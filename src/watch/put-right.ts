import type { Host } from '../host/host.ts';
import { survey, type ArchitectureResult } from '../registration/index.ts';
import { afterAttempt, unDamped } from './damping.ts';
import type { News } from './event.ts';
import { asFailure, failureNews, type Failure } from './failure.ts';
import type { Memory } from './memory.ts';
import { reassert, type ReassertOptions } from './reassert.ts';
import type { Situation } from './situation.ts';
import { takeStock } from './take-stock.ts';
import { readWanted } from './wanted.ts';

export interface PutRightOptions extends ReassertOptions {
  /** The command's words. */
  readonly given: readonly string[];
}

/** Registers what is not right, and remembers how that went; with `dryRun` only says what would be registered. */
export function putRight(
  host: Host,
  memory: Memory,
  due: readonly Situation[],
  options: PutRightOptions,
): News[] {
  if (due.length === 0) return [];
  const attempt = tried(host, memory, due, options);
  const found = survey(host, options.state);
  for (const { architecture } of due) {
    // What was kept although nobody of ours made it does what is wanted.
    const { inForce, trouble } =
      takeStock(found, memory).situations.find((one) => one.architecture === architecture) ?? {};
    if (inForce !== undefined && attempt.kept.has(architecture) && trouble?.startsWith('emulator-') === false)
      memory.accepted.set(architecture, inForce);
  }
  const { situations, tableTrouble } = takeStock(found, memory);
  for (const one of situations)
    if (tableTrouble === undefined && isIn(due, one)) memory.situations.set(one.architecture, one);
  memory.tableTrouble = tableTrouble?.message;
  return attempt.said;
}

interface Tried {
  readonly said: News[];
  /** Found to be right as it is. */
  readonly kept: ReadonlySet<string>;
}

function tried(host: Host, memory: Memory, due: readonly Situation[], options: PutRightOptions): Tried {
  const wanted = memory.wanted.filter((one) => isIn(due, one));
  const outcome = orFailure(() =>
    reassert(host, wanted, (architecture) => isStillWanted(host, memory, architecture, options), options),
  );
  const now = host.clock.monotonic();
  const damp = (architecture: string, succeeded: boolean): void => {
    const before = memory.damping.get(architecture) ?? unDamped;
    memory.damping.set(architecture, afterAttempt(before, now, succeeded));
  };
  if ('failure' in outcome) {
    const names = due.map(({ architecture }) => architecture);
    for (const name of names) damp(name, false);
    return { said: failureOfAll(memory, names, outcome.failure), kept: new Set() };
  }
  const kept = new Set<string>();
  const said = outcome.results.flatMap((result): News[] => {
    const { architecture = '', action, error, proven, reason } = result;
    const { trouble } = due.find((one) => one.architecture === architecture) ?? {};
    if (proven !== undefined) memory.proofs.set(architecture, { isProven: proven, at: host.clock.now() });
    if (error !== undefined) {
      damp(architecture, false);
      return failureNews(memory, architecture, error);
    }
    memory.said.delete(architecture);
    if (action === 'keep') kept.add(architecture);
    if (options.dryRun) return action === 'keep' ? [] : [wouldReassert(result)];
    memory.claimed.add(architecture);
    const isNothing = trouble === undefined || trouble === 'unclaimed';
    if (action === 'keep' && isNothing) return [];
    damp(architecture, true);
    // Somebody else was quicker.
    if (action === 'keep') return [{ event: 'recovered', architecture, message: reason }];
    count(memory, architecture, isNothing ? 'claimed' : trouble);
    return [reasserted(architecture, result)];
  });
  return { said, kept };
}

function wouldReassert({ architecture, name, reason }: ArchitectureResult): News {
  return {
    event: 'would-reassert',
    ...(architecture === undefined ? {} : { architecture }),
    ...(name === undefined ? {} : { entry: name }),
    message: `would register it (${reason})`,
  };
}

/** One failure, not one for each. */
function failureOfAll(memory: Memory, names: readonly string[], failure: Failure): News[] {
  const [news] = names.flatMap((name) => failureNews(memory, name, failure));
  return news === undefined ? [] : [names.length === 1 ? news : { ...news, architecture: undefined }];
}

/** Asked under the lock. */
function isStillWanted(
  host: Host,
  { wanted }: Memory,
  architecture: string,
  { state, given }: PutRightOptions,
): boolean {
  const before = wanted.find((one) => one.architecture === architecture);
  const now = readWanted(host, state, given).wanted.find((one) => one.architecture === architecture);
  return now !== undefined && (before?.source !== 'register' || now.source === 'register');
}

function reasserted(architecture: string, { name, emulator, proven, reason }: ArchitectureResult): News {
  const what = emulator === undefined ? '' : `, QEMU ${emulator.version} ${emulator.path}`;
  const proof = proven === true ? ', proven' : '';
  return {
    event: 'reasserted',
    architecture,
    ...(name === undefined ? {} : { entry: name }),
    message: `registered ${name ?? ''}${what}${proof} (${reason})`,
  };
}

function count({ counters }: Memory, architecture: string, reason: string): void {
  const byReason = counters.reassertions.get(architecture) ?? new Map<string, number>();
  byReason.set(reason, (byReason.get(reason) ?? 0) + 1);
  counters.reassertions.set(architecture, byReason);
}

function isIn(due: readonly Situation[], { architecture }: { readonly architecture: string }): boolean {
  return due.some((one) => one.architecture === architecture);
}

type Attempt =
  { readonly results: readonly ArchitectureResult[] } | { readonly failure: ReturnType<typeof asFailure> };

function orFailure(action: () => readonly ArchitectureResult[]): Attempt {
  try {
    return { results: action() };
  } catch (error) {
    return { failure: asFailure(error) };
  }
}
