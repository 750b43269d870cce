import type { Host } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import { coded } from './coded.ts';
import { findFiles } from './find-files.ts';
import type { FoundFile, FoundFiles, LeftFile } from './found.ts';
import type { Place } from './places.ts';
import { didNothing, failedAt, joined, type Left, type StepResult } from './report.ts';

export interface RemoveOptions {
  readonly dryRun: boolean;
  /** Keep fetched emulators and guests. */
  readonly keepStore: boolean;
  /** Keep machines, and what they do not start without. */
  readonly keepMachines: boolean;
}

/** Removes what was found, directories only when nothing is left in them. */
function removeFound(
  host: Pick<Host, 'files' | 'system'>,
  { found, left }: FoundFiles,
  { dryRun, keepStore, keepMachines }: RemoveOptions,
): StepResult {
  const whyKept = ({ isStore, isMachine, kind }: FoundFile): string | undefined => {
    if (kind === 'directory') return undefined;
    if (keepMachines && isMachine === true) return machineReason;
    return keepStore && isStore ? 'it is to be kept' : undefined;
  };
  const kept = found.filter((one) => whyKept(one) !== undefined);
  const staying = [...left, ...kept].map(({ path }) => path);
  const results = found
    .filter((one) => whyKept(one) === undefined)
    .map((one): StepResult => {
      const isHeld = one.kind === 'directory' && staying.some((path) => path.startsWith(`${one.path}/`));
      if (isHeld) return didNothing;
      const result = dryRun ? done(one) : removeOne(host, one);
      staying.push(...result.left.map(({ subject }) => subject));
      return result;
    });
  return joined([
    ...results,
    { removed: [], left: left.map(toldAs) },
    { removed: [], left: kept.map((one) => toldAs({ ...one, reason: whyKept(one) ?? '' })) },
  ]);
}

const machineReason = 'machines need it, which stay: --machines removes them with their disks';

function toldAs({ path, reason, place }: LeftFile): Left {
  return { subject: path, reason, ...(place === undefined ? {} : { place }) };
}

/**
 * Removes what was found in a place, and looks once more where something new has come meanwhile: a lock of another machine's
 * is asked for with a launcher, which is made for it, and another command may have begun.
 */
export function emptyPlace(
  host: Pick<Host, 'files' | 'system'>,
  place: Place,
  found: FoundFiles,
  options: RemoveOptions,
): StepResult {
  const first = removeFound(host, found, options);
  if (!first.left.some(({ reason }) => reason === somethingNew)) return first;
  const second = removeFound(host, findFiles(host, place), options);
  const once = new Map([...first.removed, ...second.removed].map((one) => [one.subject, one]));
  return { removed: [...once.values()], left: second.left };
}

const somethingNew = 'something new is in it';

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
      return { removed: [], left: [{ subject: one.path, reason: somethingNew }] };
    return failedAt(one.path, coded(host, one.path, error));
  }
}

function done({ kind, path, bytes, place }: FoundFile): StepResult {
  const size = kind === 'directory' ? {} : { bytes };
  return { removed: [{ kind, subject: path, ...size, ...(place === undefined ? {} : { place }) }], left: [] };
}
