import { pruneMachines, type MergedLayers } from '../../machine/index.ts';
import type { Handler } from '../command.ts';
import type { machinePrune } from '../commands/machine-prune.ts';
import { megabytes } from '../progress.ts';
import type { Style } from '../style.ts';
import { formatColumns, painted, type Cell } from '../table.ts';

export const handleMachinePrune: Handler<(typeof machinePrune)['options']> = async ({ options, context }) => {
  const { host, signal, terminal } = context;
  const { style } = terminal;
  const dryRun = options['dry-run'] === true;
  const { removed, kept, merged } = await pruneMachines(host, { dryRun, signal });
  // A set of programs is hundreds of packages, which mean nothing to people.
  const single = removed.filter(({ kind }) => kind !== 'programs');
  const programs = removed.filter(({ kind }) => kind === 'programs');
  const mark = painted(style.green, dryRun ? 'would go' : 'removed');
  const rows: Cell[][] = [
    ...single.map(({ kind, path, bytes }) => [mark, kind, path, `${megabytes(bytes)} MB`]),
    ...(programs.length === 0
      ? []
      : [[mark, 'programs', `${programs.length} packages and sets`, `${megabytes(sum(programs))} MB`]]),
    ...kept.map(({ path, usedBy }) => [painted(style.dim, 'stays'), 'image', path, `${usedBy} needs it`]),
    ...merged.map((one) => mergedRow(one, style)),
  ];
  const hasFailed = merged.some(({ outcome }) => outcome === 'failed');
  const hasDone = removed.length > 0 || merged.some(({ outcome }) => outcome === 'merged');
  return {
    exitCode: !hasFailed ? 0 : hasDone ? 3 : 1,
    document: { schema: 'anyarch/machine-prune/1', dryRun, removed, kept, merged: merged.map(asData) },
    text: rows.length === 0 ? 'there is nothing to remove\n' : formatColumns(rows),
  };
};

function mergedRow(one: MergedLayers, style: Style): Cell[] {
  const { path, layers } = one;
  const others = layers.length === 1 ? 'the layer below it' : `${layers.length} layers below it`;
  switch (one.outcome) {
    case 'merged':
      return [
        painted(style.green, 'merged'),
        'layer',
        path,
        `with ${others}: ${megabytes(Math.max(0, one.bytes))} MB less`,
      ];
    case 'would-merge':
      return [
        painted(style.green, 'would merge'),
        'layer',
        path,
        `with ${others}: at most ${megabytes(one.mostBytes)} MB less`,
      ];
    case 'kept':
      return [painted(style.dim, 'stays'), 'layer', path, `not merged with ${others}: ${one.reason}`];
    case 'failed': {
      const { code, message, hint } = one.error;
      const next = hint === undefined ? '' : `; next: ${hint}`;
      return [painted(style.red, 'failed'), 'layer', path, `${message} [${code}]${next}`];
    }
  }
}

function asData(one: MergedLayers): unknown {
  if (one.outcome !== 'failed') return one;
  const { code, message, hint } = one.error;
  return { ...one, error: { code, message, hint } };
}

function sum(all: readonly { readonly bytes: number }[]): number {
  return all.reduce((total, { bytes }) => total + bytes, 0);
}
