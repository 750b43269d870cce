import { printable } from '../../../core/printable.ts';
import { typedCommand, type CheckResult, type Fault } from '../../../doctor/index.ts';
import type { Paint, Style } from '../../style.ts';
import { wrap } from '../../wrap.ts';

export interface FaultFormat {
  readonly style: Style;
  readonly columns: number;
  /** Of who reads it: `sudo` stands before what needs root where it is not. */
  readonly isRoot: boolean;
}

/** Everything about a fault, for the likeliest ones. */
export function formatFault({ id, explanation, verdict }: CheckResult, format: FaultFormat): string[] {
  if (verdict.status !== 'fault') return [];
  const { style } = format;
  return [
    `${severityPaint(verdict, style)(verdict.severity)} ${style.bold(id)}${style.dim(` (${certainties[verdict.certainty]})`)}`,
    ...wrapped(verdict.summary, '  ', format),
    ...verdict.evidence.flatMap((line, index) => labelled(index === 0 ? 'found' : '', line, format)),
    ...labelled('means', explanation, format),
    ...formatRemedies(verdict, format),
    ...(verdict.references ?? []).flatMap((line, index) => labelled(index === 0 ? 'see' : '', line, format)),
  ];
}

/** One line, and what to do first. */
export function formatFaultShortly({ id, verdict }: CheckResult, format: FaultFormat): string[] {
  if (verdict.status !== 'fault') return [];
  const [{ does, ...remedy }] = verdict.remedies;
  const command = typedCommand(remedy, format.isRoot);
  return [
    `${severityPaint(verdict, format.style)(verdict.severity)} ${format.style.bold(id)}`,
    ...wrapped(verdict.summary, '  ', format),
    ...labelled('do', command === undefined ? does : `${does}:`, format),
    ...(command === undefined ? [] : [commandLine(command, format)]),
  ];
}

const certainties: Readonly<Record<Fault['certainty'], string>> = {
  proven: 'proven here',
  likely: 'likely',
  possible: 'possible',
};

function severityPaint({ severity }: Fault, style: Style): Paint {
  if (severity === 'error') return style.red;
  return severity === 'warning' ? style.yellow : style.dim;
}

function formatRemedies({ remedies }: Fault, format: FaultFormat): string[] {
  return remedies.flatMap(({ does, ...remedy }, index) => {
    const command = typedCommand(remedy, format.isRoot);
    const label = index === 0 ? 'do' : 'or';
    return [
      ...labelled(label, command === undefined ? does : `${does}:`, format),
      ...(command === undefined ? [] : [commandLine(command, format)]),
    ];
  });
}

const labelWidth = 9;

/** Not broken into lines: it is there to be copied. */
function commandLine(command: string, { style }: FaultFormat): string {
  return `${' '.repeat(labelWidth + 2)}${style.bold(printable(command))}`;
}

function labelled(label: string, text: string, { style, columns }: FaultFormat): string[] {
  const lines = wrap(printable(text), Math.max(columns - labelWidth, 30));
  return lines.map(
    (line, index) =>
      `  ${style.dim(index === 0 ? label : '')}${' '.repeat(labelWidth - 2 - (index === 0 ? label.length : 0))}${line}`,
  );
}

function wrapped(text: string, indent: string, { columns }: FaultFormat): string[] {
  return wrap(printable(text), Math.max(columns - indent.length, 30)).map((line) => `${indent}${line}`);
}
