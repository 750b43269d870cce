import { disableAcceleration, type AcceleratedEngine } from '../accelerate/index.ts';
import type { Host } from '../host/host.ts';
import { systemDirectory } from '../host/system-directory.ts';
import { coded } from './coded.ts';
import type { FeatureOptions } from './remove-features.ts';
import { failedAt, joined, type Left, type Removed, type StepResult } from './report.ts';

/** What `accelerate enable` made: what stays while a daemon starts it is told. */
export function removeAcceleration(
  host: Host,
  { state, dryRun, force, build = '' }: FeatureOptions & { readonly build?: string | undefined },
): StepResult {
  try {
    const { engines } = disableAcceleration(host, { engines: 'found', state, build, dryRun, force });
    return joined(engines.map(engineResult));
  } catch (error) {
    return failedAt(`${state}/installed.json`, coded(host, state, error));
  }
}

function engineResult({ engine, outcome, files, notes, error }: AcceleratedEngine): StepResult {
  const isReported = files.some((file) => file.error !== undefined);
  const left: Left[] = files.flatMap((file) =>
    file.error === undefined ? [] : [{ subject: file.path, reason: file.error.message, error: file.error }],
  );
  const [note] = notes;
  return {
    removed: files
      .filter(({ kind }) => kind === 'remove')
      .map(({ path }): Removed => ({
        kind: 'configuration',
        subject: path,
        ...(path.startsWith(`${systemDirectory}/`) ? { place: systemDirectory } : {}),
      })),
    left: [
      ...left,
      ...(error === undefined || isReported ? [] : [{ subject: engine, reason: error.message, error }]),
      ...(outcome === 'waiting' && note !== undefined ? [inUse(engine, note)] : []),
    ],
  };
}

function inUse(engine: string, reason: string): Left {
  return {
    subject: engine,
    reason,
    error: { code: 'ANYARCH_IN_USE', message: reason, hint: `restart ${engine}, then: anyarch uninstall` },
  };
}
