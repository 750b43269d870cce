import { release as giveBack } from '../../registration/index.ts';
import type { Handler } from '../command.ts';
import type { release } from '../commands/release.ts';
import { commaSeparated, reportOutcome } from '../reports/registration.ts';

export const handleRelease: Handler<(typeof release)['options']> = ({ options, positionals, context }) => {
  const names = commaSeparated(positionals);
  const report = giveBack(context.host, {
    names: names.includes('all') ? 'all' : names,
    force: options.force === true,
    dryRun: options['dry-run'] === true,
  });
  return reportOutcome('release', report, context.terminal.style);
};
