import { absolutePath } from '../../core/absolute-path.ts';
import { explainFile } from '../../registration/index.ts';
import type { Handler } from '../command.ts';
import type { explain } from '../commands/explain.ts';
import { directoryOption } from '../directory-option.ts';
import { explanationOutcome } from '../reports/explanation.ts';

export const handleExplain: Handler<(typeof explain)['options']> = ({ options, positionals, context }) => {
  const directory = process.cwd();
  const path = absolutePath(positionals[0] ?? '', directory);
  const root =
    options.rootfs === undefined
      ? {}
      : { root: directoryOption(context.host.files, '--rootfs', options.rootfs, directory) };
  return explanationOutcome(explainFile(context.host, path, root), context.terminal.style);
};
