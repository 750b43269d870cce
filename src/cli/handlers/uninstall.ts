import { uninstall } from '../../uninstall/index.ts';
import type { Handler } from '../command.ts';
import type { uninstallAll } from '../commands/uninstall.ts';
import { ownFile } from '../own-package.ts';
import { uninstallOutcome } from '../reports/uninstall.ts';

export const handleUninstall: Handler<(typeof uninstallAll)['options']> = async ({ options, context }) => {
  const report = await uninstall(context.host, {
    dryRun: options['dry-run'] === true,
    force: options.force === true,
    machines: options.machines === true,
    keepStore: options['keep-store'] === true,
    build: ownFile('build'),
    workingDirectory: process.cwd(),
  });
  return uninstallOutcome(report, { style: context.terminal.style, verbose: options.verbose === true });
};
