import type { Platform } from '../core/platform.ts';
import { throwIfCancelled } from '../host/cancellation.ts';
import { failureOf } from './judge-end.ts';
import type { BuildOptions } from './options.ts';
import type { BuildReport } from './report.ts';
import { runStep } from './run-step.ts';

/** A platform with the image that was built for it. */
export interface Finished {
  readonly platform: Platform;
  readonly id: string;
}

export type Finish = Pick<BuildReport, 'stored' | 'outputs' | 'pushed' | 'notes'>;

export interface FinishParts extends Pick<
  BuildOptions,
  'outputs' | 'push' | 'connection' | 'signal' | 'write'
> {
  readonly names: readonly string[];
  readonly images: readonly Finished[];
  /** For what is only needed until the end. */
  readonly work: string;
}

/**
 * Runs one of the engine's commands that print little.
 *
 * @param options its `path` is what the engine writes to, beside its own storage
 * @throws AnyarchError as `failureOf`, ANYARCH_CANCELLED
 */
export async function engineStep(
  command: readonly string[],
  subject: string,
  {
    signal,
    write,
    path,
  }: Partial<Pick<BuildOptions, 'signal' | 'write'>> & { readonly path?: string | undefined },
): Promise<string> {
  const end = await runStep(command, { signal, onOutput: write });
  throwIfCancelled(signal);
  const failure = failureOf(end, subject, path);
  if (failure !== undefined) throw failure;
  return end.stdout;
}
