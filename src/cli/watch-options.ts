import { absolutePath } from '../core/absolute-path.ts';
import { findArchitecture } from '../core/architecture.ts';
import { AnyarchError } from '../core/error.ts';
import type { RoundsOptions } from '../watch/index.ts';
import type { OptionValues } from './command.ts';
import type { watch } from './commands/watch.ts';
import { wantedArchitectures } from './reports/registration.ts';

/** Seconds. */
const defaults = { interval: 5, 'probe-interval': 600 };
const longest = 86_400;

type Values = Omit<OptionValues<(typeof watch)['options']>, 'metrics-listen'>;

/**
 * What the command line asks the watch for.
 *
 * @param from what a relative path starts at
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_UNKNOWN_ARCHITECTURE
 */
export function watchOptions(
  values: Values,
  positionals: readonly string[],
  { from, version }: { readonly from: string; readonly version: string },
): RoundsOptions {
  const named = wantedArchitectures(positionals);
  const metricsFile = values['metrics-file'];
  if (metricsFile === '')
    throw new AnyarchError('ANYARCH_USAGE', '--metrics-file takes the path of a file, not nothing', {
      hint: 'anyarch watch --metrics-file DIR/anyarch.prom',
    });
  return {
    architectures: named === 'all' ? [] : named.map((name) => findArchitecture(name).name),
    intervalMs: seconds('interval', values.interval, 0.5) * 1000,
    probeIntervalMs: seconds('probe-interval', values['probe-interval'], 0) * 1000,
    enforce: values.enforce === true,
    once: values.once === true,
    dryRun: values['dry-run'] === true,
    version,
    ...(metricsFile === undefined ? {} : { metricsFile: absolutePath(metricsFile, from) }),
  };
}

function seconds(name: keyof typeof defaults, text: string | undefined, least: number): number {
  if (text === undefined) return defaults[name];
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= longest) return value;
  throw new AnyarchError(
    'ANYARCH_USAGE',
    `--${name} takes seconds from ${least} to ${longest}, not "${text.slice(0, 60)}"`,
    {
      hint: `anyarch watch --${name} ${defaults[name]}`,
    },
  );
}
