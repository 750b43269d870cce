import { printableLines } from '../../../core/printable.ts';
import { typedCommand, type Fix } from '../../../doctor/index.ts';
import type { Style } from '../../style.ts';

/** What `--fix` did, or would do. */
export function formatFixes(fixes: readonly Fix[], style: Style): string[] {
  if (fixes.length === 0) return ['no remedy is anyarch’s to apply: what to do is told above'];
  return fixes.flatMap((fix) => [
    `${words[fix.status](style)} ${commandOf(fix)}  ${style.dim(`(${fix.id})`)}`,
    ...(fix.output === undefined ? [] : [indented(fix.output)]),
  ]);
}

/** Shown before it is run. */
export function formatFixAhead(fix: Fix): string {
  return `applying: ${commandOf(fix)}  (${fix.id}: ${printableLines(fix.does)})\n`;
}

const words: Readonly<Record<Fix['status'], (style: Style) => string>> = {
  planned: () => 'would apply',
  'needs-root': ({ yellow }) => yellow('needs root'),
  applied: ({ green }) => green('applied'),
  failed: ({ red }) => red('failed'),
};

function commandOf({ command, status }: Fix): string {
  const isRoot = status !== 'needs-root';
  return printableLines(typedCommand({ command, needsRoot: !isRoot }, isRoot) ?? '');
}

function indented(text: string): string {
  return printableLines(text.trimEnd())
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
