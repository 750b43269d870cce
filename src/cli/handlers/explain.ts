import { absolutePath } from '../../core/absolute-path.ts';
import { explainFile } from '../../registration/index.ts';
import type { Handler } from '../command.ts';
import type { explain } from '../commands/explain.ts';
import { directoryOption } from '../directory-option.ts';
import { explanationOutcome } from '../reports/explanation.ts';

export const handleExplain: Handler<(typeof explain)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const directory = process.cwd();
  const path = absolutePath(positionals[0] ?? '', directory);
  const root =
    options.rootfs === undefined
      ? {}
      : { root: directoryOption(context.host.files, '--rootfs', options.rootfs, directory) };
  if (options.pid !== undefined) {
    const { processNumber } = await import('./process-options.ts');
    const { explainFor } = await import('../../table-in-force/index.ts');
    const explained = explainFor(context.host, processNumber(options.pid), path, root);
    const { explainedForOutcome } = await import('../reports/explained-for.ts');
    return explainedForOutcome(explained, context.terminal.style);
  }
  const explanation = explainFile(context.host, path, root);
  const { interpositionOf } = await import('./interposition-of.ts');
  const interposed = await interpositionOf(context.host, explanation.verdict.runs);
  return explanationOutcome(explanation, context.terminal.style, interposed);
};
