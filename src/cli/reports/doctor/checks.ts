import type { CheckResult, Verdict } from '../../../doctor/index.ts';
import type { Style } from '../../style.ts';
import { formatColumns, painted, type Cell } from '../../table.ts';

/** A line each for all checks, in their order: `--verbose`. */
export function formatChecks(checks: readonly CheckResult[], style: Style): string {
  return formatColumns(checks.map((check) => rowOf(check, style)));
}

/** Those that could not be looked at, and why. */
export function formatUnknown(checks: readonly CheckResult[], style: Style): string {
  const unknown = checks.filter(({ verdict }) => verdict.status === 'unknown');
  return formatColumns(unknown.map((check) => ['', ...rowOf(check, style).slice(1)]));
}

/** `47 checks: 2 faults, 30 without fault, 14 do not apply, 1 could not be made` */
export function formatCounts(checks: readonly CheckResult[]): string {
  const count = (status: Verdict['status']): number =>
    checks.filter(({ verdict }) => verdict.status === status).length;
  const parts = [
    `${count('fault')} ${count('fault') === 1 ? 'finding' : 'findings'}`,
    `${count('ok')} without`,
    `${count('skipped')} that do not apply`,
    ...(count('unknown') === 0 ? [] : [`${count('unknown')} that could not be made`]),
  ];
  return `${checks.length} checks: ${parts.join(', ')}`;
}

function rowOf({ id, verdict, durationMs }: CheckResult, style: Style): Cell[] {
  return [
    painted(
      paints[verdict.status](style),
      verdict.status === 'fault' ? verdict.severity : words[verdict.status],
    ),
    id,
    painted(style.dim, `${Math.round(durationMs)} ms`),
    detailOf(verdict),
  ];
}

const words: Readonly<Record<Verdict['status'], string>> = {
  ok: 'ok',
  fault: 'fault',
  skipped: '-',
  unknown: '?',
};

const paints: Readonly<Record<Verdict['status'], (style: Style) => (text: string) => string>> = {
  ok: ({ green }) => green,
  fault: ({ red }) => red,
  skipped: ({ dim }) => dim,
  unknown: ({ yellow }) => yellow,
};

function detailOf(verdict: Verdict): string {
  switch (verdict.status) {
    case 'ok':
      return verdict.evidence.join('; ');
    case 'fault':
      return verdict.summary;
    case 'skipped':
    case 'unknown':
      return verdict.reason;
  }
}
