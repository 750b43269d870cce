import { findArchitecture, lookUpArchitecture } from '../core/architecture.ts';
import { AnyarchError } from '../core/error.ts';
import type { Host } from '../host/host.ts';
import { withLock } from '../host/lock.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { applyFiles, planFiles, type FileOptions } from '../installed-files/index.ts';
import { unregister, type RegistrationReport } from '../registration/index.ts';
import { tellInit } from './after-files.ts';
import type { BootEntry } from './boot-entry.ts';
import { save } from './carry-out.ts';
import { persistedPathIn, readPersisted, type Persisted } from './document.ts';
import { makeState } from './enable.ts';
import { ownFormats, removeFormats, settleStandIns } from './init/formats.ts';
import { keepRunning, liveAmong } from './keep-running.ts';
import { knownEntries, liveEntries } from './known-entries.ts';
import type { DisableOptions } from './options.ts';
import { ownFiles } from './own-files.ts';
import { mountsBefore } from './place.ts';
import { persistedPath } from './places.ts';
import { requireRoot } from './privilege.ts';
import { outcomeOf, reportedArchitecture, reportedFile, type PersistReport } from './report.ts';
import { readSurroundings } from './surroundings.ts';

/**
 * Takes back what `enable` did, also what a killed one left, and what is in no record any more. What is registered now
 * stays, from an emulator that stays, or goes with `now`. Files of architectures that are not named are not touched.
 *
 * @throws AnyarchError ANYARCH_PERMISSION, ANYARCH_UNKNOWN_ARCHITECTURE, ANYARCH_FILE_CHANGED, ANYARCH_LOCKED,
 *   ANYARCH_STATE_INVALID where architectures are named; what unregister of registration/ throws
 */
export function disable(host: Host, options: DisableOptions): PersistReport {
  requireRoot(host, 'anyarch persist disable');
  const state = options.state ?? stateDirectory(host.system);
  const { document, problem } = readForRemoval(host, state, options);
  const isClean = document === undefined && problem === undefined && ownFiles(host, state).length === 0;
  if (isClean && ownFormats(host).length === 0) return nothingToDo(options);
  if (options.dryRun === true) return carryOut(host, state, options);
  makeState(host, state);
  return withLock(host, `${state}/persistence.lock`, () => carryOut(host, state, options));
}

/** Who takes everything away does not have to know what was written down. */
function readForRemoval(
  host: Host,
  state: string,
  { architectures }: DisableOptions,
): { readonly document: Persisted | undefined; readonly problem: AnyarchError | undefined } {
  try {
    return { document: readPersisted(host, state), problem: undefined };
  } catch (error) {
    if (architectures !== 'all' || !(error instanceof AnyarchError)) throw error;
    return { document: undefined, problem: error };
  }
}

function nothingToDo({ architectures, dryRun = false }: DisableOptions): PersistReport {
  const named = architectures === 'all' ? [] : architectures.map((name) => findArchitecture(name).name);
  return {
    outcome: 'ok',
    dryRun,
    init: undefined,
    architectures: named.map((name) => reportedArchitecture(name, 'absent')),
    files: [],
    registrations: [],
    notes: ['nothing is registered at boot by anyarch'],
  };
}

/** What goes and what stays. */
interface Removal {
  readonly state: string;
  readonly options: DisableOptions;
  readonly document: Persisted | undefined;
  readonly named: readonly string[];
  readonly leaving: readonly BootEntry[];
  readonly left: readonly BootEntry[];
  readonly files: FileOptions;
}

function carryOut(host: Host, state: string, options: DisableOptions): PersistReport {
  const { document, problem } = readForRemoval(host, state, options);
  const removal = planRemoval(host, state, options, document);
  const { named, leaving, left, files } = removal;
  const planned = planFiles(host, state, 'persistence', [], files);
  const refused = planned.find(({ error }) => error !== undefined)?.error;
  if (refused !== undefined && options.dryRun !== true) throw refused;
  const done = options.dryRun === true ? undefined : remove(host, removal);
  const surroundings = readSurroundings(host, state, document?.init ?? 'systemd', mountsBefore(host));
  const gone = [...new Map(leaving.map((entry) => [entry.target, entry])).values()];
  const absent = named.filter((target) => !gone.some((entry) => entry.target === target));
  const architectures = [
    ...gone.map(({ target, rule }) => reportedArchitecture(target, 'disabled', { name: rule.name })),
    ...absent.map((target) => reportedArchitecture(target, 'absent')),
  ];
  return {
    outcome: refused === undefined ? outcomeOf(architectures) : 'failed',
    dryRun: options.dryRun === true,
    init: document?.init,
    architectures,
    files: planned.map(reportedFile),
    registrations: done?.registrations ?? [],
    notes: [
      ...(problem === undefined ? [] : [`${problem.message}: it goes with all that is registered at boot`]),
      ...(done === undefined ? [] : [...done.notes, ...tellInit(host, surroundings, planned)]),
      ...notesOnLeft(host, document, left),
    ],
  };
}

function planRemoval(
  host: Host,
  state: string,
  options: DisableOptions,
  document: Persisted | undefined,
): Removal {
  const own = ownFiles(host, state);
  const live = liveEntries(host, options.now === true);
  const known = knownEntries(host, document, own, live);
  const named =
    options.architectures === 'all'
      ? [...new Set(known.map(({ target }) => target))]
      : [...new Set(options.architectures.map((name) => findArchitecture(name).name))];
  const isNamed = (target: string | undefined) => target !== undefined && named.includes(target);
  const left = knownEntries(host, document, own, []).filter(({ target }) => !isNamed(target));
  const staying = left.length === 0 ? [] : own.filter(({ target }) => !isNamed(target));
  const files: FileOptions = {
    force: options.force === true,
    staying: new Set(staying.map(({ path }) => path)),
    found: own.map(({ path }) => path),
  };
  const leaving = known.filter(({ target }) => isNamed(target));
  return { state, options, document, named, leaving, left, files };
}

/** What stays is not repaired, but said. */
function notesOnLeft(host: Host, document: Persisted | undefined, left: readonly BootEntry[]): string[] {
  const names = (entries: readonly BootEntry[]) =>
    [...new Set(entries.map(({ target }) => lookUpArchitecture(target)?.debian[0] ?? target))].join(' ');
  const broken = left.filter(({ target }) => host.files.status(persistedPath(target))?.kind !== 'file');
  return [
    ...(document === undefined && left.length > 0
      ? [`${names(left)}: registered at boot, but in no record; next: anyarch persist enable ${names(left)}`]
      : []),
    ...(broken.length === 0
      ? []
      : [`${names(broken)}: the emulator is missing; next: anyarch persist enable ${names(broken)}`]),
  ];
}

/** First what the next boot reads, then what runs now. */
function remove(
  host: Host,
  { state, options, document, named, leaving, left, files }: Removal,
): { registrations: readonly RegistrationReport[]; notes: readonly string[] } {
  if (document !== undefined) save(host, state, { ...document, changing: true });
  const live = liveAmong(host, state, leaving);
  settleStandIns(host, leaving);
  removeFormats(host, left);
  applyFiles(host, state, 'persistence', [], files);
  const done =
    options.now === true ? unregisterNow(host, state, leaving) : keepRunning(host, state, options, live);
  // The last: until then the next call knows what is to be done.
  settle(host, state, options, document, named);
  return done;
}

function settle(
  host: Host,
  state: string,
  { by = host.system.command ?? '' }: DisableOptions,
  document: Persisted | undefined,
  named: readonly string[],
): void {
  const rest = (list: Persisted['architectures']) =>
    list.filter(({ architecture }) => !named.includes(architecture));
  const architectures = rest(document?.architectures ?? []);
  // Enabling them was interrupted, and still is.
  const intended = rest(document?.intended ?? []);
  if (document === undefined || architectures.length + intended.length === 0) {
    host.files.remove(persistedPathIn(state));
    return;
  }
  const at = new Date(host.clock.now()).toISOString();
  const pending = intended.length === 0 ? {} : { changing: true, intended };
  save(host, state, { schema: 1, init: document.init, architectures, at, by, ...pending });
}

function unregisterNow(
  host: Host,
  state: string,
  leaving: readonly BootEntry[],
): { registrations: readonly RegistrationReport[]; notes: readonly string[] } {
  if (leaving.length === 0 || host.binfmt.state() !== 'mounted') return { registrations: [], notes: [] };
  const report = unregister(host, { architectures: leaving.map(({ target }) => target), state });
  return { registrations: [report], notes: [] };
}
