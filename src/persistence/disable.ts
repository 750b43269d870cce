import { findArchitecture } from '../core/architecture.ts';
import type { Host } from '../host/host.ts';
import { withLock } from '../host/lock.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { applyFiles, planFiles, recordedPaths, type FileAction } from '../installed-files/index.ts';
import { unregister, type RegistrationReport } from '../registration/index.ts';
import { tellInit } from './after-files.ts';
import { documented, save } from './carry-out.ts';
import { persistedPathIn, readPersisted, type Persisted } from './document.ts';
import { makeState } from './enable.ts';
import { removeFormats, withStandIns } from './init/formats.ts';
import type { BootEntry } from './boot-entry.ts';
import { keepRunning } from './keep-running.ts';
import type { DisableOptions } from './options.ts';
import { mountsBefore } from './place.ts';
import { requireRoot } from './privilege.ts';
import { outcomeOf, reportedArchitecture, reportedFile, type PersistReport } from './report.ts';
import { filesOf, nothing, readKnownState, type BootState } from './state.ts';
import { readSurroundings } from './surroundings.ts';

/**
 * Takes back what `enable` did. What is registered now stays, from an emulator that stays, or goes with `now`.
 *
 * @throws AnyarchError ANYARCH_PERMISSION, ANYARCH_UNKNOWN_ARCHITECTURE, ANYARCH_FILE_CHANGED, ANYARCH_STATE_INVALID,
 *   ANYARCH_LOCKED; what unregister of registration/ throws
 */
export function disable(host: Host, options: DisableOptions): PersistReport {
  requireRoot(host, 'anyarch persist disable');
  const state = options.state ?? stateDirectory(host.system);
  const document = readPersisted(host, state);
  if (document === undefined && recordedPaths(host, state, 'persistence').size === 0)
    return nothingToDo(options);
  if (options.dryRun === true) return carryOut(host, state, options);
  makeState(host, state);
  return withLock(host, `${state}/persistence.lock`, () => carryOut(host, state, options));
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

function carryOut(host: Host, state: string, options: DisableOptions): PersistReport {
  const document = readPersisted(host, state);
  const before = readKnownState(host, document);
  const named =
    options.architectures === 'all'
      ? before.entries.map(({ target }) => target)
      : [...new Set(options.architectures.map((name) => findArchitecture(name).name))];
  const leaving = before.entries.filter(({ target }) => named.includes(target));
  const left = without(before, named);
  // The copies that stay are where they are, so that nothing has to be registered anew.
  const surroundings = readSurroundings(host, state, document?.init ?? 'systemd', mountsBefore(host));
  const wanted = left.entries.length === 0 ? [] : filesOf(host, left, surroundings);
  const planned = planFiles(host, state, 'persistence', wanted, options);
  const done =
    options.dryRun === true ? undefined : remove(host, { state, options, document, left, leaving, wanted });
  const notes = done === undefined ? [] : [...done.notes, ...tellInit(host, surroundings, planned)];
  const absent = named.filter((target) => !leaving.some((entry) => entry.target === target));
  const architectures = [
    ...leaving.map(({ target, rule }) => reportedArchitecture(target, 'disabled', { name: rule.name })),
    ...absent.map((target) => reportedArchitecture(target, 'absent')),
  ];
  const isRefused = planned.some(({ error }) => error !== undefined);
  return {
    outcome: isRefused ? 'failed' : outcomeOf(architectures),
    dryRun: options.dryRun === true,
    init: document?.init,
    architectures,
    files: planned.map(reportedFile),
    registrations: done?.registrations ?? [],
    notes,
  };
}

function without({ members, entries, directory }: BootState, targets: readonly string[]): BootState {
  const stays = ({ target }: { readonly target: string }) => !targets.includes(target);
  const left = entries.filter(stays);
  return left.length === 0 ? nothing : { members: members.filter(stays), entries: left, directory };
}

interface Removal {
  readonly state: string;
  readonly options: DisableOptions;
  readonly document: Persisted | undefined;
  readonly left: BootState;
  readonly leaving: readonly BootEntry[];
  readonly wanted: Parameters<typeof applyFiles>[3];
}

/** First what the next boot reads, then what runs now. */
function remove(
  host: Host,
  { state, options, document, left, leaving, wanted }: Removal,
): { registrations: readonly RegistrationReport[]; notes: readonly string[] } {
  if (document !== undefined) save(host, state, { ...document, changing: true });
  const apply = (): readonly FileAction[] =>
    applyFiles(host, state, 'persistence', wanted, { force: options.force === true });
  if (document?.init === 'debian' && host.binfmt.state() === 'mounted' && options.now !== true) {
    withStandIns(
      host,
      leaving,
      () => {
        removeFormats(host, leaving);
        apply();
      },
      { stay: true },
    );
  } else {
    if (document?.init === 'debian') removeFormats(host, leaving);
    apply();
  }
  const done =
    options.now === true
      ? unregisterNow(host, state, leaving)
      : keepRunning(host, state, options.by, leaving);
  // The last: until then the next call knows what is to be done.
  settle(host, state, options, document, left);
  return done;
}

function settle(
  host: Host,
  state: string,
  { by = host.system.command ?? '' }: DisableOptions,
  document: Persisted | undefined,
  left: BootState,
): void {
  if (document === undefined || left.entries.length === 0) {
    host.files.remove(persistedPathIn(state));
    return;
  }
  const at = new Date(host.clock.now()).toISOString();
  save(host, state, { schema: 1, init: document.init, architectures: documented(left), at, by });
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
