import type { Host } from '../host/host.ts';
import { disableRootless, type ReportedEngine } from '../rootless/index.ts';
import { coded } from './coded.ts';
import { didNothing, failedAt, joined, type Left, type Removed, type StepResult } from './report.ts';
import type { FeatureOptions } from './remove-features.ts';

/** What `rootless enable` made for this user: entries in the engines' namespaces, and files. Root has none. */
export async function removeRootless(
  host: Host,
  { state, dryRun, force }: FeatureOptions,
): Promise<StepResult> {
  if (host.system.uid === 0) return didNothing;
  try {
    const options = { engines: 'found', state, dryRun, force, command: [] } as const;
    const { engines } = await disableRootless(host, options);
    return joined(engines.map(engineResult));
  } catch (error) {
    return failedAt(`${state}/rootless.json`, coded(host, state, error));
  }
}

function engineResult({ engine, files, removed = [], error }: ReportedEngine): StepResult {
  const isReported = files.some((file) => file.error !== undefined);
  const left: Left[] = files.flatMap((file) =>
    file.error === undefined ? [] : [{ subject: file.path, reason: file.error.message, error: file.error }],
  );
  return {
    removed: [
      ...removed.map((subject): Removed => ({ kind: 'entry', subject, note: `in ${engine}'s namespace` })),
      ...files
        .filter(({ kind }) => kind === 'remove')
        .map(({ path }): Removed => ({ kind: 'configuration', subject: path })),
    ],
    left:
      error === undefined || isReported ? left : [...left, { subject: engine, reason: error.message, error }],
  };
}
