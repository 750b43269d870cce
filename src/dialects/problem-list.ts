import type { ArchitectureResult } from '../registration/index.ts';
import { nextStepInContainer } from './problem.ts';

type ReportedError = NonNullable<ArchitectureResult['error']>;

export interface Problem extends Pick<ReportedError, 'code' | 'message' | 'hint'> {
  /** What it is about. */
  readonly subject: string;
}

/** Many problems for people: a line each, those with the same next step together. */
export function problemList(problems: readonly Problem[]): string {
  const byHint = new Map<string | undefined, string[]>();
  for (const { subject, message, code, hint } of problems) {
    const next = nextStepInContainer(code, hint);
    const lines = byHint.get(next) ?? [];
    byHint.set(next, [...lines, `anyarch: ${subject}: ${message} [${code}]`]);
  }
  return [...byHint]
    .flatMap(([hint, lines]) => (hint === undefined ? lines : [...lines, `  next: ${hint}`]))
    .map((line) => `${line}\n`)
    .join('');
}
