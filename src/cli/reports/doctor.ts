import { shellWord } from '../../core/shell-word.ts';
import { printable } from '../../core/printable.ts';
import type { CheckResult, Diagnosis } from '../../doctor/index.ts';
import type { Outcome } from '../command.ts';
import type { Style } from '../style.ts';

export interface DoctorReportOptions {
  readonly strict: boolean;
  readonly style: Style;
}

export function doctorOutcome(diagnosis: Diagnosis, { strict, style }: DoctorReportOptions): Outcome {
  const isBad = diagnosis.outcome === 'errors' || (strict && diagnosis.outcome === 'warnings');
  return {
    exitCode: isBad ? 1 : 0,
    document: { schema: 'anyarch/doctor/1', ...diagnosis },
    text: formatDiagnosis(diagnosis, style),
  };
}

function formatDiagnosis({ causes, checks }: Diagnosis, style: Style): string {
  const found = causes.flatMap((id) => checks.filter((check) => check.id === id));
  const lines = found.flatMap((check) => formatFault(check, style));
  return lines.length === 0 ? `no fault found by ${checks.length} checks\n` : `${lines.join('\n')}\n`;
}

function formatFault({ id, verdict }: CheckResult, style: Style): string[] {
  if (verdict.status !== 'fault') return [];
  return [
    `${style.red(verdict.severity)} ${style.bold(id)}: ${printable(verdict.summary)}`,
    ...verdict.evidence.map((line) => `    ${printable(line)}`),
    ...verdict.remedies.map(
      ({ does, command }) =>
        `  ${printable(does)}${command === undefined ? '' : `: ${printable(command.map(shellWord).join(' '))}`}`,
    ),
  ];
}
