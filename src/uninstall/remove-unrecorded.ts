import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { recordedPaths } from '../installed-files/index.ts';
import { coded } from './coded.ts';
import { didNothing, failedAt, joined, type StepResult } from './report.ts';
import { madeDirectories, unrecordedFiles, type UnrecordedFile } from './unrecorded.ts';

/** Removes files of ours that no record tells of, as far as it can. */
export function removeUnrecorded(
  host: Host,
  { state, dryRun, force }: { readonly state: string; readonly dryRun: boolean; readonly force: boolean },
): StepResult {
  const results = unrecordedFiles(host, everRecorded(host, state)).map((one) =>
    removeOne(host, one, { dryRun, force }),
  );
  if (!dryRun && results.length > 0) {
    for (const directory of madeDirectories)
      ignoring(['ENOENT', 'ENOTDIR', 'ENOTEMPTY', 'EEXIST', 'EROFS', 'EACCES', 'EPERM', 'EBUSY'], () => {
        host.files.removeDirectory(directory);
      });
  }
  return joined(results);
}

function removeOne(
  host: Host,
  { path, feature, isChanged }: UnrecordedFile,
  { dryRun, force }: { readonly dryRun: boolean; readonly force: boolean },
): StepResult {
  const removed = [{ kind: feature === 'watch' ? 'service' : 'configuration', subject: path } as const];
  const saved = isChanged ? freeName(host, path) : undefined;
  // Told with what others' files are (naming.ts).
  if (isChanged && !force) return didNothing;
  try {
    if (!dryRun && saved !== undefined) host.files.rename(path, saved);
    else if (!dryRun) host.files.remove(path);
  } catch (error) {
    return failedAt(path, coded(host, path, error));
  }
  const left = saved === undefined ? [] : [{ subject: saved, reason: `it is what somebody made of ${path}` }];
  return { removed, left };
}

/** What is recorded is removed with its record, which also tells whether somebody changed it. */
function everRecorded(host: Host, state: string): ReadonlySet<string> {
  try {
    const features = ['persistence', 'watch'] as const;
    return new Set(features.flatMap((feature) => [...recordedPaths(host, state, feature)]));
  } catch (error) {
    coded(host, state, error);
    return new Set();
  }
}

function freeName({ files }: Pick<Host, 'files'>, path: string): string {
  for (let number = 1; ; number += 1) {
    const name = `${path}.anyarch-saved${number === 1 ? '' : `-${number}`}`;
    if (files.linkStatus(name) === undefined) return name;
  }
}
