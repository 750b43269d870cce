import { printable } from '../../core/printable.ts';
import { understood, type CheckResult, type Diagnosis, type Fix } from '../../doctor/index.ts';
import type { Outcome } from '../command.ts';
import { formatChecks, formatCounts, formatUnknown } from './doctor/checks.ts';
import { formatFault, formatFaultShortly, type FaultFormat } from './doctor/fault.ts';
import { formatFixes } from './doctor/fixes.ts';

export interface DoctorReportOptions extends FaultFormat {
  /** Warnings make the exit code 1, too. */
  readonly strict: boolean;
  /** All checks are listed. */
  readonly verbose: boolean;
  /** With `--fix`: what was done before this diagnosis was made. */
  readonly fixes?: readonly Fix[];
  /** Where the page was written, or was to be. */
  readonly html?: string;
  readonly pageFailure?: PageFailure;
}

/** Why the page could not be written, as any command that fails says it. */
export type PageFailure = Pick<Outcome, 'exitCode' | 'document'> & { readonly errorText: string };

export function doctorOutcome(diagnosis: Diagnosis, options: DoctorReportOptions): Outcome {
  const { strict, fixes, html, pageFailure } = options;
  const isBad = diagnosis.outcome === 'errors' || (strict && diagnosis.outcome === 'warnings');
  return {
    exitCode: pageFailure?.exitCode ?? (isBad ? 1 : 0),
    document: {
      schema: 'anyarch/doctor/1',
      ...diagnosis,
      ...(fixes === undefined ? {} : { fixes }),
      ...(html === undefined || pageFailure !== undefined ? {} : { html }),
      ...(pageFailure === undefined ? {} : { htmlError: pageFailure.document?.['error'] }),
    },
    text: formatDiagnosis(diagnosis, options),
    ...(pageFailure === undefined ? {} : { errorText: pageFailure.errorText }),
  };
}

/** Causes first; then what was found besides; then what could not be looked at. */
function formatDiagnosis(diagnosis: Diagnosis, options: DoctorReportOptions): string {
  const { asked, causes, explaining, checks } = diagnosis;
  const { style, verbose, fixes, html, pageFailure } = options;
  const found = causes.flatMap((id) => checks.filter((check) => check.id === id));
  const isCause = ({ id, severity }: CheckResult): boolean =>
    explaining.length === 0 ? severity !== 'note' : explaining.includes(id);
  const main = found.filter(isCause);
  const besides = found.filter((check) => !isCause(check));
  const unknown = formatUnknown(checks, style);
  const sections = [
    formatMessage(diagnosis, options),
    ...main.map((check) => formatFault(check, options)),
    section(
      style.bold(asked.message === undefined ? 'Worth knowing' : 'Found besides'),
      besides.length === 0 ? [] : besides.flatMap((check) => formatFaultShortly(check, options)),
    ),
    section(style.bold('Could not be examined'), unknown === '' ? [] : [unknown.trimEnd()]),
    verbose ? [style.bold('All checks'), formatChecks(checks, style).trimEnd()] : [],
    fixes === undefined ? [] : [style.bold('Remedies of anyarch'), ...formatFixes(fixes, style)],
    [
      ...(main.length === 0 ? [nothingFound(diagnosis, fixes)] : []),
      `${formatCounts(checks)}${verbose ? '' : ' (--verbose lists them)'}`,
      ...(html === undefined || pageFailure !== undefined ? [] : [`the page is ${printable(html)}`]),
    ],
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function formatMessage(
  { asked: { message }, suspected }: Diagnosis,
  { style }: DoctorReportOptions,
): string[] {
  if (message === undefined) return [];
  const [line] = message.lines;
  return [
    `${style.bold('Message')}    ${printable(understood(message))}`,
    ...(line === undefined ? [] : [`           ${style.dim(printable(line))}`]),
    ...(suspected.length === 0
      ? []
      : [
          `${style.bold('Suspected')}  ${suspected.slice(0, mostSuspected).join(', ')}${suspected.length > mostSuspected ? ' …' : ''}`,
        ]),
  ];
}

const mostSuspected = 6;

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [title, ...lines];
}

function nothingFound({ asked: { message } }: Diagnosis, fixes: readonly Fix[] = []): string {
  if (fixes.some(({ status }) => status === 'applied'))
    return message === undefined
      ? 'repaired: no fault is left'
      : 'repaired: nothing is left that explains the message; try again what failed';
  if (message === undefined) return 'no fault was found';
  return message.symptoms.length === 0
    ? 'the message is none that the doctor knows, and no fault was found that it could be about'
    : 'nothing was found that explains the message; name what does not run with --file, --image or --rootfs';
}
