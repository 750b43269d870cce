import type { Comparison, ConfigDifference, FileDifference } from '../../build/index.ts';
import { printable } from '../../core/printable.ts';
import type { Style } from '../style.ts';

/** Lines that one list of differences has at most. */
const mostLines = 50;

/** @param isAll list what has a reason, too */
export function formatComparison(comparison: Comparison, isAll: boolean, style: Style): string {
  const { same, config, files, onlyTimes, layers, compared } = comparison;
  const how =
    layers.compared === 'by layer'
      ? `${layers.identical} of ${layers.first} layers identical`
      : `${layers.first} and ${layers.second} layers, compared as trees`;
  const isShown = ({ explained }: { readonly explained?: object }) => isAll || explained === undefined;
  const shown = [...config.filter(isShown).map(formatField), ...files.filter(isShown).map(formatFile)];
  return [
    `${same ? style.green('same') : style.red('different')}  ${how}, ${compared} files compared in the others`,
    ...shown.slice(0, mostLines).map((line) => `  ${line}`),
    ...(shown.length > mostLines ? [`  … and ${shown.length - mostLines} more (--json lists all)`] : []),
    ...reasons(config, files).map(({ reason, count }) => `  ${count} explained: ${reason}`),
    ...(onlyTimes === 0 ? [] : [`  ${onlyTimes} explained: files written at another time`]),
    '',
  ].join('\n');
}

/** How many differences each reason has. */
function reasons(config: readonly ConfigDifference[], files: readonly FileDifference[]) {
  const counts = new Map<string, number>();
  for (const { explained } of [...config, ...files])
    if (explained !== undefined) counts.set(explained.reason, (counts.get(explained.reason) ?? 0) + 1);
  return [...counts].map(([reason, count]) => ({ reason, count }));
}

function formatField({ field, first, second, explained }: ConfigDifference): string {
  const because = explained === undefined ? '' : ` (${explained.reason})`;
  const [a, b] = [first, second].map((one) => (one === undefined ? 'nothing' : printable(one).slice(0, 100)));
  return `configuration ${printable(field)}: ${a ?? ''} and ${b ?? ''}${because}`;
}

function formatFile({ path, layer, aspects, explained }: FileDifference): string {
  const because = explained === undefined ? '' : ` (${explained.reason})`;
  const where = layer === undefined ? '' : ` in layer ${layer + 1}`;
  return `/${printable(path)}${where}: ${aspects.join(', ')}${because}`;
}
