import type { Host } from '../host/host.ts';
import { systemDirectory } from '../host/system-directory.ts';
import { removeFiles, type FileAction } from '../installed-files/index.ts';
import { coded } from './coded.ts';
import { failedAt, joined, type Removed, type StepResult } from './report.ts';

/** Removes files outside of the state directory, each that can be. */
export function removeInstalled(
  host: Host,
  feature: 'persistence' | 'watch',
  { state, dryRun, force }: { readonly state: string; readonly dryRun: boolean; readonly force: boolean },
): StepResult {
  const kind = feature === 'watch' ? 'service' : 'configuration';
  try {
    const actions = removeFiles(host, state, feature, { dryRun, force });
    return joined(actions.map((action) => installedResult(kind, action)));
  } catch (error) {
    return failedAt(`${state}/installed.json`, coded(host, state, error));
  }
}

export function installedResult(
  kind: Removed['kind'],
  { kind: action, path, reason, saved, error }: FileAction,
): StepResult {
  if (error !== undefined) {
    const { code, message, hint } = error;
    return { removed: [], left: [{ subject: path, reason: message, error: { code, message, hint } }] };
  }
  if (action === 'keep') return { removed: [], left: [{ subject: path, reason }] };
  const place = path.startsWith(`${systemDirectory}/`) ? { place: systemDirectory } : {};
  const removed = [{ kind, subject: path, ...place }];
  return saved === undefined
    ? { removed, left: [] }
    : { removed, left: [{ subject: saved, reason: `it is what somebody made of ${path}` }] };
}
