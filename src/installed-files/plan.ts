import type { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { readManifest, type Manifest, type RecordedFile } from './manifest.ts';
import { withFound } from './found.ts';
import { changedFile, declarativeSystem, foreignFile, readOnlyMount } from './refusal.ts';
import { sha256 } from './sha256.ts';
import { identityAt, identityOf, type Feature, type Identity, type WantedFile } from './wanted.ts';

/** What is done with one file, or with `planFiles` would be. */
export interface FileAction {
  readonly kind: 'create' | 'replace' | 'keep' | 'remove' | 'refuse';
  readonly path: string;
  /** One clause for people. */
  readonly reason: string;
  /** Where what somebody changed is kept. */
  readonly saved?: string;
  readonly error?: AnyarchError;
}

export interface FileOptions {
  /** What somebody changed makes way, and is kept as `PATH.anyarch-saved`. */
  readonly force?: boolean;
  /** What is recorded and not wanted stays: a first step, before others rely on what is new. */
  readonly additive?: boolean;
  /** Paths that stay as they are, whatever is there, and are nobody's to want. */
  readonly staying?: ReadonlySet<string>;
  /** Paths whose content tells that they are the feature's, should they not be recorded. */
  readonly found?: readonly string[];
}

type PlanHost = Pick<Host, 'files' | 'system'>;

/**
 * Compares what a feature wants with what is there and what is recorded: what is recorded for it and not wanted any
 * more goes.
 *
 * @throws AnyarchError ANYARCH_STATE_INVALID
 */
export function planFiles(
  host: PlanHost,
  state: string,
  feature: Feature,
  wanted: readonly WantedFile[],
  options: FileOptions = {},
): readonly FileAction[] {
  const manifest = withFound(host, readManifest(host, state), feature, options.found);
  return planFor(host, manifest, feature, wanted, options);
}

export function planFor(
  host: PlanHost,
  manifest: Manifest,
  feature: Feature,
  wanted: readonly WantedFile[],
  options: FileOptions,
): FileAction[] {
  requireAbsolute(wanted);
  const recorded = (path: string) => manifest.files.find((one) => one.path === path);
  const paths = new Set(wanted.map(({ path }) => path));
  const kept = wanted.map((one) => planWanted(host, recorded(one.path), feature, one, options));
  const stays = (path: string) => paths.has(path) || options.staying?.has(path) === true;
  const removed = manifest.files
    .filter((one) => options.additive !== true && one.feature === feature && !stays(one.path))
    .map((one) => planRemoval(host, one, options));
  return [...kept, ...removed].map((action) => refusedByPlace(host, action));
}

function planWanted(
  host: PlanHost,
  recorded: RecordedFile | undefined,
  feature: Feature,
  { path, content, mode = 0o644 }: WantedFile,
  { force = false }: FileOptions,
): FileAction {
  const there = identityAt(host, path);
  if (there === undefined) {
    const reason = recorded === undefined ? 'it is new' : 'it was missing';
    return { kind: 'create', path, reason };
  }
  if (recorded !== undefined && recorded.feature !== feature)
    return refuse(path, foreignFile(path), `it belongs to ${recorded.feature}`);
  const identity = identityOf(content, sha256);
  if (there === identity) {
    const { mode: modeThere, uid } = host.files.linkStatus(path) ?? {};
    if (!there.startsWith('link:') && modeThere !== mode)
      return { kind: 'replace', path, reason: 'it has another mode' };
    return uid === host.system.uid
      ? { kind: 'keep', path, reason: 'it is there' }
      : { kind: 'replace', path, reason: 'it belongs to another user' };
  }
  if (recorded === undefined) return refuse(path, foreignFile(path), 'somebody else made it');
  if (isOurs(recorded, there)) return { kind: 'replace', path, reason: 'an earlier one of ours is there' };
  if (!force || there === 'other') return refuse(path, changedFile(path), 'somebody changed it');
  return { kind: 'replace', path, reason: 'somebody changed it', saved: freeName(host, path) };
}

function planRemoval(host: PlanHost, recorded: RecordedFile, { force = false }: FileOptions): FileAction {
  const { path } = recorded;
  const there = identityAt(host, path);
  if (there === undefined) return { kind: 'remove', path, reason: 'it is gone already' };
  if (isOurs(recorded, there)) return { kind: 'remove', path, reason: 'it is not wanted any more' };
  if (!force || there === 'other') return refuse(path, changedFile(path), 'somebody changed it');
  return { kind: 'remove', path, reason: 'somebody changed it', saved: freeName(host, path) };
}

export function isOurs({ ours }: RecordedFile, there: Identity): boolean {
  return ours.includes(there);
}

function refusedByPlace(host: PlanHost, action: FileAction): FileAction {
  if (action.kind === 'keep' || action.kind === 'refuse' || action.reason === 'it is gone already')
    return action;
  const error =
    (action.kind === 'remove' ? undefined : declarativeSystem(host, action.path)) ??
    readOnlyMount(host, action.path);
  return error === undefined ? action : refuse(action.path, error, 'it cannot be written');
}

function refuse(path: string, error: AnyarchError, reason: string): FileAction {
  return { kind: 'refuse', path, reason, error };
}

/** What was saved before is not written over either. */
function freeName({ files }: PlanHost, path: string): string {
  for (let number = 1; ; number += 1) {
    const name = `${path}.anyarch-saved${number === 1 ? '' : `-${number}`}`;
    if (files.linkStatus(name) === undefined) return name;
  }
}

/** Anything else would be written wherever the command was called, and make the record unreadable. */
function requireAbsolute(wanted: readonly WantedFile[]): void {
  const relative = wanted.find(({ path }) => !path.startsWith('/'));
  if (relative !== undefined)
    throw new Error(`a file is to be installed at no absolute path: ${relative.path}`);
}
