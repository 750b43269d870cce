import type { Diagnosis } from './diagnosis.ts';
import type { Remedy } from './verdict.ts';

/** A remedy of ours that was, or would be, applied. */
export interface Fix {
  /** Of the check whose fault it is for. */
  readonly id: string;
  readonly does: string;
  readonly command: readonly string[];
  /** `planned`: only shown, as asked; `needs-root`: this user may not do it. */
  readonly status: 'planned' | 'needs-root' | 'applied' | 'failed';
  /** What the command printed, where it failed. */
  readonly output?: string;
}

export interface RepairOptions {
  /** Looks at everything anew. */
  readonly examine: () => Promise<Diagnosis>;
  /** Told before, so that it can be shown. Says what the command printed where it failed, undefined where it did not. */
  readonly apply: (fix: Fix) => string | undefined;
  readonly isRoot: boolean;
  /** Nothing is applied. */
  readonly isDryRun: boolean;
}

export interface Repair {
  /** After the last remedy. */
  readonly diagnosis: Diagnosis;
  readonly fixes: readonly Fix[];
}

/** More are not to be expected; it ends whatever remedies do. */
const mostFixes = 12;

/**
 * Applies the remedies that are ours, of faults that keep something from working or will: one, then it looks again, because the remedy
 * of a cause mends what it caused, and may bring another fault to light. Causes come before what they cause; each command is tried once.
 */
export async function repair(
  first: Diagnosis,
  { examine, apply, isRoot, isDryRun }: RepairOptions,
): Promise<Repair> {
  let diagnosis = first;
  const fixes: Fix[] = [];
  if (isDryRun) return { diagnosis, fixes: planFixes(diagnosis, isRoot) };
  while (fixes.length < mostFixes) {
    const fix = planFixes(diagnosis, isRoot).find(
      ({ command }) => !fixes.some((tried) => sameCommand(tried.command, command)),
    );
    if (fix === undefined) break;
    const done = applied(fix, apply);
    fixes.push(done);
    if (done.status === 'applied') diagnosis = await examine();
  }
  return { diagnosis, fixes };
}

/** Of each fault the best remedy that is ours; a command that mends several faults is there once. */
function planFixes({ checks }: Diagnosis, isRoot: boolean): readonly Fix[] {
  const all = checks.flatMap(({ id, verdict }): Fix[] => {
    if (verdict.status !== 'fault' || verdict.severity === 'note') return [];
    const remedy = verdict.remedies.find(isOurs) ?? verdict.remedies.find(isOursForRoot);
    if (remedy?.command === undefined) return [];
    const { does, command, needsRoot = false } = remedy;
    if (command[0] === 'sudo') return [{ id, does, command: command.slice(1), status: 'needs-root' }];
    return [{ id, does, command, status: needsRoot && !isRoot ? 'needs-root' : 'planned' }];
  });
  return all.filter(
    ({ command }, index) => all.findIndex((other) => sameCommand(other.command, command)) === index,
  );
}

function isOurs({ by, command }: Remedy): boolean {
  return by === 'anyarch' && command?.[0] === 'anyarch';
}

/** As it is told to who is not root. */
function isOursForRoot({ command }: Remedy): boolean {
  return command?.[0] === 'sudo' && command[1] === 'anyarch';
}

function applied(fix: Fix, apply: RepairOptions['apply']): Fix {
  if (fix.status !== 'planned') return fix;
  const output = apply(fix);
  return output === undefined ? { ...fix, status: 'applied' } : { ...fix, status: 'failed', output };
}

function sameCommand(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word, index) => word === b[index]);
}
