import type { Host } from '../host/host.ts';
import { withLock } from '../host/lock.ts';
import { ignoring } from '../host/system-error.ts';
import { missingAbove, removeEmpty } from './directories.ts';
import { withFound } from './found.ts';
import { removeLeftovers } from './leftovers.ts';
import { readManifest, writeManifest, type Manifest, type RecordedFile } from './manifest.ts';
import { planFor, type FileAction, type FileOptions } from './plan.ts';
import { writeFailure } from './refusal.ts';
import { restorer } from './restore.ts';
import { sha256 } from './sha256.ts';
import { identityAt, identityOf, writeContent, type Feature, type WantedFile } from './wanted.ts';

type ApplyHost = Pick<Host, 'files' | 'system' | 'clock'>;

/**
 * Makes the files be what a feature wants, in that order, then removes what it does not want any more. Everything is
 * recorded before the first write, so that a killed call leaves what the next one repairs. When a write fails, what was
 * written before it is taken back. When one file is refused, nothing is written.
 *
 * @throws AnyarchError the first refusal's (ANYARCH_FILE_OF_OTHERS, ANYARCH_FILE_CHANGED, ANYARCH_READ_ONLY_SYSTEM);
 *   ANYARCH_DISK_FULL, ANYARCH_PERMISSION, ANYARCH_FILE, ANYARCH_DIGEST_MISMATCH, ANYARCH_STATE_INVALID, ANYARCH_LOCKED
 */
export function applyFiles(
  host: ApplyHost,
  state: string,
  feature: Feature,
  wanted: readonly WantedFile[],
  options: FileOptions = {},
): readonly FileAction[] {
  return describing(host, state, () => {
    host.files.makeDirectory(state, 0o755);
    return withLock(host, `${state}/installed.lock`, () => apply(host, state, feature, wanted, options));
  });
}

function apply(
  host: ApplyHost,
  state: string,
  feature: Feature,
  wanted: readonly WantedFile[],
  options: FileOptions,
): readonly FileAction[] {
  const recorded = readManifest(host, state);
  const before = withFound(host, recorded, feature, options.found);
  const actions = planFor(host, before, feature, wanted, options);
  const refused = actions.find(({ error }) => error !== undefined);
  if (refused?.error !== undefined) throw refused.error;

  const contents = new Map(wanted.map((one) => [one.path, one]));
  const announced = announce(host, before, feature, wanted, actions);
  saveIfChanged(host, state, recorded, announced);
  removeLeftovers(host, announced);
  const undo: (() => void)[] = [];
  try {
    for (const action of actions) {
      // What is new stands by then: to go back would leave less than either.
      if (action.kind === 'remove') undo.length = 0;
      describing(host, action.path, () => {
        carryOut(host, action, contents.get(action.path), undo);
      });
    }
  } catch (error) {
    takeBack(undo);
    saveIfChanged(host, state, announced, settle(host, announced, feature, undefined));
    throw error;
  }
  const kept = [...wanted.map(({ path }) => path), ...(options.staying ?? [])];
  const isWhole = options.additive !== true;
  saveIfChanged(host, state, announced, settle(host, announced, feature, isWhole ? kept : undefined));
  return actions;
}

function carryOut(
  host: ApplyHost,
  { kind, path, saved }: FileAction,
  wanted: WantedFile | undefined,
  undo: (() => void)[],
): void {
  const { files } = host;
  if (kind === 'keep' || kind === 'refuse') return;
  if (saved !== undefined) {
    files.rename(path, saved);
    undo.push(() => {
      files.rename(saved, path);
    });
  }
  if (kind === 'remove') {
    if (saved === undefined) files.remove(path);
    return;
  }
  if (wanted === undefined) throw new Error(`nobody wants ${path}`);
  if (kind === 'create') files.makeDirectory(path.slice(0, path.lastIndexOf('/')) || '/', 0o755);
  undo.push(restorer(files, path));
  writeContent(host, wanted);
}

/** The last first. What cannot be taken back is recorded, and the next call repairs it. */
function takeBack(undo: readonly (() => void)[]): void {
  for (const one of undo.toReversed()) {
    ignoring(['ENOSPC', 'EDQUOT', 'EROFS', 'EACCES', 'EPERM', 'EIO', 'ENOENT', 'ENOTDIR'], one);
  }
}

/** Every content that is about to be ours, beside those that are. */
function announce(
  host: ApplyHost,
  before: Manifest,
  feature: Feature,
  wanted: readonly WantedFile[],
  actions: readonly FileAction[],
): Manifest {
  const records = new Map(before.files.map((one) => [one.path, one]));
  for (const { path, content } of wanted) {
    const ours = records.get(path)?.ours ?? [];
    records.set(path, { path, feature, ours: [...new Set([...ours, identityOf(content, sha256)])] });
  }
  const made = actions
    .filter(({ kind }) => kind === 'create')
    .flatMap(({ path }) => missingAbove(host, path));
  return {
    schema: 1,
    files: [...records.values()],
    directories: [...new Set([...before.directories, ...made])],
  };
}

/**
 * What is recorded of the feature is narrowed to what is there. A file that is missing stays recorded while it is
 * wanted, so that `installedFiles` tells.
 *
 * @param kept paths; undefined when the work failed, or was to leave the rest: then everything that is there stays recorded
 */
function settle(
  host: ApplyHost,
  announced: Manifest,
  feature: Feature,
  kept: readonly string[] | undefined,
): Manifest {
  const paths = new Set(kept);
  const files = announced.files.flatMap((one): RecordedFile[] => {
    if (one.feature !== feature) return [one];
    const there = identityAt(host, one.path);
    if (there === undefined) return [];
    if (kept !== undefined && !paths.has(one.path)) return [];
    return [{ ...one, ours: one.ours.includes(there) ? [there] : one.ours }];
  });
  return { schema: 1, files, directories: removeEmpty(host, announced.directories) };
}

function saveIfChanged(host: ApplyHost, state: string, before: Manifest, after: Manifest): void {
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  describing(host, state, () => {
    writeManifest(host, state, after);
  });
}

function describing<T>(host: ApplyHost, path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw writeFailure(host, path, error);
  }
}
