import { absolutePath } from '../../core/absolute-path.ts';
import type { Handler } from '../command.ts';
import type { rootlessEnsure } from '../commands/rootless-ensure.ts';
import { ensureRootless } from '../ensure-rootless.ts';

export const handleRootlessEnsure: Handler<(typeof rootlessEnsure)['options']> = ({
  options: { state, ...options },
  context,
}) =>
  ensureRootless(context.host, {
    ...options,
    ...(state === undefined ? {} : { state: absolutePath(state, process.cwd()) }),
  });
