import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import { coded } from './coded.ts';
import type { FoundFile, FoundFiles } from './found.ts';
import { didNothing, failedAt, joined, type StepResult } from './report.ts';

export interface RemoveOptions {
  readonly dryRun: boolean;
  /** Keep fetched emulators and guests. */
  readonly keepStore: boolean;
}

/** Removes what was found, directories only when nothing is left in them. */
export function removeFound(
  host: Pick<Host, 'files' | 'system'>,
  { found, left }: FoundFiles,
  { dryRun, keepStore }: RemoveOptions,
): StepResult {
  const kept = keepStore ? found.filter(({ isStore, kind }) => isStore && kind !== 'directory') : [];
  const staying = [...left, ...kept].map(({ path }) => path);
  const results = found
    .filter(({ isStore, kind }) => !keepStore || !isStore || kind === 'directory')
    .map((one): StepResult => {
      const isHeld = one.kind === 'directory' && staying.some((path) => path.startsWith(`${one.path}/`));
      if (isHeld) return didNothing;
      const result = dryRun ? done(one) : removeOne(host, one);
      staying.push(...result.left.map(({ subject }) => subject));
      return result;
    });
  return joined([
    ...results,
    { removed: [], left: left.map(({ path, reason }) => ({ subject: path, reason })) },
    { removed: [], left: kept.map(({ path }) => ({ subject: path, reason: 'it is to be kept' })) },
  ]);
}

function removeOne(host: Pick<Host, 'files' | 'system'>, one: FoundFile): StepResult {
  const { files } = host;
  try {
    if (one.kind === 'directory') files.removeDirectory(one.path);
    else files.remove(one.path);
    return done(one);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (one.kind === 'directory' && error.errno === 'ENOENT') return didNothing;
    if (one.kind === 'directory' && error.errno === 'EBUSY')
      return {
        removed: [],
        left: [{ subject: one.path, reason: 'it is empty, and something is mounted there' }],
      };
    if (one.kind === 'directory' && ['ENOTEMPTY', 'EEXIST'].includes(error.errno))
      return { removed: [], left: [{ subject: one.path, reason: 'something new is in it' }] };
    return failedAt(one.path, coded(host, one.path, error));
  }
}

function done({ kind, path }: FoundFile): StepResult {
  return { removed: [{ kind, subject: path }], left: [] };
}
