import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { recordedPaths, type FileAction } from '../installed-files/index.ts';
import { disablePersistence, type ReportedFile } from '../persistence/index.ts';
import { disableService } from '../watch/index.ts';
import { coded } from './coded.ts';
import { namedByOthers } from './naming.ts';
import { removeFormats } from './own-formats.ts';
import { entryResult } from './remove-entries.ts';
import { installedResult, removeInstalled } from './remove-installed.ts';
import { didNothing, joined, type StepResult } from './report.ts';

export interface FeatureOptions {
  readonly state: string;
  readonly dryRun: boolean;
  /** What somebody changed goes, too, and is kept beside. */
  readonly force: boolean;
}

/** Stops what watches over registrations, or it would bring them back, and removes it. */
export function removeService(host: Host, options: FeatureOptions): StepResult {
  if (options.dryRun) return removeInstalled(host, 'watch', options);
  try {
    if (recordedPaths(host, options.state, 'watch').size === 0) return didNothing;
    const { files } = disableService(host, options);
    return joined(files.map((file) => installedResult('service', file)));
  } catch (error) {
    coded(host, options.state, error);
    // One file that stays has held up all; it is stopped by now.
    return removeInstalled(host, 'watch', options);
  }
}

/**
 * Removes what registers at each boot, from the init that does it too. While something stays that names our emulators, they
 * stay.
 */
export async function removePersistence(host: Host, options: FeatureOptions): Promise<StepResult> {
  const { state, dryRun, force } = options;
  // Whatever the records say: they may be damaged, or behind what a killed command did.
  const formats = removeFormats(host, dryRun);
  const foreign = force ? didNothing : namedByOthers(host, state);
  const before = joined([formats, foreign]);
  if (before.left.some(({ error }) => error !== undefined)) return before;
  return joined([before, await disable(host, options)]);
}

async function disable(host: Host, options: FeatureOptions): Promise<StepResult> {
  if (options.dryRun) return removeInstalled(host, 'persistence', options);
  try {
    const { files, registrations } = await disablePersistence(host, {
      ...options,
      architectures: 'all',
      now: true,
    });
    return joined([
      ...files.map((file) => installedResult('configuration', asAction(file))),
      ...registrations.flatMap(({ results }) => results.map(entryResult)),
    ]);
  } catch (error) {
    coded(host, options.state, error);
    return removeInstalled(host, 'persistence', options);
  }
}

function asAction({ kind, path, reason, saved, error }: ReportedFile): FileAction {
  return {
    kind,
    path,
    reason,
    ...(saved === undefined ? {} : { saved }),
    ...(error === undefined
      ? {}
      : {
          error: new AnyarchError(
            error.code,
            error.message,
            error.hint === undefined ? {} : { hint: error.hint },
          ),
        }),
  };
}

/** Whether the service is at work and will be stopped. */
export function stopsService(host: Host, state: string): boolean {
  if (host.system.uid !== 0) return false;
  try {
    return disableService(host, { state, dryRun: true }).commands.length > 0;
  } catch (error) {
    if (error instanceof AnyarchError) return false;
    throw error;
  }
}
