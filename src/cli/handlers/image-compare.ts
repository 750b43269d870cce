import { imagePlatform } from '../../core/oci/image-platform.ts';
import { parsePlatform } from '../../core/platform.ts';
import { compareFound } from '../../build/index.ts';
import type { Handler } from '../command.ts';
import type { imageCompare } from '../commands/image-compare.ts';
import { withProgress } from '../progress.ts';
import { formatComparison } from '../reports/comparison.ts';
import { connectionOptions } from './registry-options.ts';

export const handleImageCompare: Handler<(typeof imageCompare)['options']> = async ({
  options,
  positionals: [first = '', second = ''],
  context,
}) => {
  const platform =
    options.platform === undefined ? undefined : imagePlatform(parsePlatform(options.platform));
  const comparison = await withProgress(context, (onProgress) =>
    compareFound(context.host, [first, second], {
      directory: process.cwd(),
      platform,
      connection: connectionOptions(options),
      signal: context.signal,
      onProgress,
    }),
  );
  return {
    exitCode: comparison.same ? 0 : 1,
    document: { schema: 'anyarch/image-compare/1', first, second, ...comparison },
    text: formatComparison(comparison, options.all === true, context.terminal.style),
  };
};
