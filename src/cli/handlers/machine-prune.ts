import { pruneMachines } from '../../machine/index.ts';
import type { Handler } from '../command.ts';
import type { machinePrune } from '../commands/machine-prune.ts';
import { megabytes } from '../progress.ts';
import { formatColumns, painted, type Cell } from '../table.ts';

export const handleMachinePrune: Handler<(typeof machinePrune)['options']> = async ({ options, context }) => {
  const { host, signal, terminal } = context;
  const { style } = terminal;
  const dryRun = options['dry-run'] === true;
  const { removed, kept } = await pruneMachines(host, { dryRun, signal });
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
  ];
  return {
    exitCode: 0,
    document: { schema: 'anyarch/machine-prune/1', dryRun, removed, kept },
    text: rows.length === 0 ? 'there is nothing to remove\n' : formatColumns(rows),
  };
};

function sum(all: readonly { readonly bytes: number }[]): number {
  return all.reduce((total, { bytes }) => total + bytes, 0);
}
