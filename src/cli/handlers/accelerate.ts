import {
  accelerationInstructions,
  accelerationStatus,
  disableAcceleration,
  enableAcceleration,
  type AccelerateEngineName,
  type AccelerateOptions,
} from '../../accelerate/index.ts';
import { absolutePath } from '../../core/absolute-path.ts';
import type { Host } from '../../host/host.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import type { Handler } from '../command.ts';
import type {
  accelerateDisable,
  accelerateEnable,
  accelerateStatus as statusCommand,
} from '../commands/accelerate.ts';
import { ownFile } from '../own-package.ts';
import { accelerateOutcome, accelerateStatusOutcome } from '../reports/accelerate.ts';

export const handleAccelerateEnable: Handler<(typeof accelerateEnable)['options']> = ({
  options,
  positionals,
  context,
}) => {
  const chosen = commonOptions(context.host, positionals, options);
  if (options.print === true) {
    const engines = accelerationInstructions(context.host, chosen);
    return {
      exitCode: 0,
      document: { schema: 'anyarch/accelerate-instructions/1', engines },
      text: engines.map(({ text }) => text).join('\n'),
    };
  }
  return accelerateOutcome('enable', enableAcceleration(context.host, chosen), context.terminal.style);
};

export const handleAccelerateDisable: Handler<(typeof accelerateDisable)['options']> = ({
  options,
  positionals,
  context,
}) =>
  accelerateOutcome(
    'disable',
    disableAcceleration(context.host, commonOptions(context.host, positionals, options)),
    context.terminal.style,
  );

export const handleAccelerateStatus: Handler<(typeof statusCommand)['options']> = ({
  positionals,
  context,
}) =>
  accelerateStatusOutcome(
    accelerationStatus(context.host, commonOptions(context.host, positionals, {})),
    context.terminal.style,
  );

function commonOptions(
  { system }: Host,
  positionals: readonly string[],
  options: { readonly force?: boolean; readonly 'dry-run'?: boolean },
): AccelerateOptions {
  return {
    engines: positionals.length === 0 ? 'found' : ([...new Set(positionals)] as AccelerateEngineName[]),
    // Engines run in other directories.
    state: absolutePath(stateDirectory(system), process.cwd()),
    build: ownFile('build'),
    dryRun: options['dry-run'] === true,
    force: options.force === true,
  };
}
