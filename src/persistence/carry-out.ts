import { lookUpArchitecture } from '../core/architecture.ts';
import { AnyarchError } from '../core/error.ts';
import { formatFlags } from '../core/flags.ts';
import type { Host } from '../host/host.ts';
import { applyFiles, planFiles, writeFailure, type FileAction } from '../installed-files/index.ts';
import { reportedError, type RegistrationReport, type ReportedError } from '../registration/index.ts';
import { tellInit } from './after-files.ts';
import { ruleLine, type BootEntry } from './boot-entry.ts';
import { bootTable } from './boot-table.ts';
import { persistedPathIn, writePersisted, type Persisted } from './document.ts';
import { memberOf, setFiles } from './emulator-set.ts';
import { enabledOf, refusedOf, type Prepared } from './prepared.ts';
import type { InitName } from './init/init-name.ts';
import { importFormats, removeFormats } from './init/formats.ts';
import { keepRunning, liveAmong } from './keep-running.ts';
import { registerNow } from './live.ts';
import { whyLost } from './order/lost.ts';
import { outcomeOf, reportedArchitecture, reportedFile, type PersistReport } from './report.ts';
import { filesOf, type BootState } from './state.ts';

/**
 * Copies, registers from the copies with proof, then writes the configuration, then removes the former copies: at every
 * moment what is configured is there, and what is registered runs.
 */
export function carryOut(host: Host, prepared: Prepared): PersistReport {
  const { state, options, fileOptions, surroundings, before, after, document } = prepared;
  const apply = (files: ReturnType<typeof filesOf>, additive: boolean): readonly FileAction[] =>
    applyFiles(host, state, 'persistence', files, { ...fileOptions, additive });
  const wanted = filesOf(host, after, surroundings);
  const planned = planFiles(host, state, 'persistence', wanted, fileOptions);
  const refused = planned.find(({ error }) => error !== undefined);
  if (refused?.error !== undefined) throw refused.error;

  const record = (content: Persisted): void => {
    save(host, state, content);
  };
  const stamp = { at: new Date(host.clock.now()).toISOString(), by: options.by ?? host.system.command ?? '' };
  const former: Persisted = document ?? { schema: 1, init: surroundings.init, architectures: [], ...stamp };
  // What is intended comes first: whoever finds this half-way knows what there may be.
  record({ ...former, changing: true, intended: documented(after) });
  const isSwitched =
    before.directory !== undefined && (before.directory !== after.directory || document?.changing === true);
  const goBack = (): void => {
    restore(host, prepared, apply);
    if (document === undefined) host.files.remove(persistedPathIn(state));
    else record(document);
  };

  let registrations: readonly RegistrationReport[];
  let reached: BootState;
  try {
    apply(setFiles(after.members, after.directory), true);
    registrations = registerNow(host, after, { state, by: options.by, force: options.force, isSwitched });
    reached = provenOf(prepared, registrations);
    apply(filesOf(host, reached, surroundings), true);
    const isDebian = surroundings.init === 'debian';
    removeFormats(host, isDebian ? reached.entries : []);
    if (isDebian) importFormats(host, reached.entries);
  } catch (error) {
    goBack();
    throw error;
  }
  apply(filesOf(host, reached, surroundings), false);
  if (reached.entries.length === 0) host.files.remove(persistedPathIn(state));
  else record({ schema: 1, init: surroundings.init, architectures: documented(reached), ...stamp });
  const notes = tellInit(host, surroundings, planned);
  const failures = failuresOf(registrations);
  const architectures = [
    ...overruled(host, surroundings.init, reached, enabledOf({ ...prepared, after: reached })),
    ...[...failures].map(([target, error]) => reportedArchitecture(target, 'failed', { error })),
    ...refusedOf(prepared.selection),
  ];
  return {
    outcome: outcomeOf(architectures),
    dryRun: false,
    init: surroundings.init,
    architectures,
    files: planned.filter((action) => isDone(host, action)).map(reportedFile),
    registrations,
    notes: [...flagNotes(before, reached), ...notes],
  };
}

/** What was planned for an architecture that did not run in the end is not. */
function isDone({ files }: Pick<Host, 'files'>, { kind, path }: FileAction): boolean {
  return kind === 'remove' || files.linkStatus(path) !== undefined;
}

/** The files are there now: what the next boot makes of them can be told. */
function overruled(
  host: Host,
  init: InitName,
  { entries }: BootState,
  architectures: PersistReport['architectures'],
): PersistReport['architectures'] {
  const table = bootTable(host, init);
  return architectures.map((one) => {
    const entry = entries.find(({ target }) => target === one.architecture);
    const error = entry === undefined ? undefined : whyLost(entry, table);
    return error === undefined ? one : { ...one, outcome: 'overruled', error: reportedError(error) };
  });
}

function flagNotes(before: BootState, reached: BootState): string[] {
  const letters = ({ rule }: BootEntry) => formatFlags(rule.flags) || 'none';
  return reached.entries.flatMap((entry) => {
    const former = before.entries.find(({ target }) => target === entry.target);
    if (former === undefined || letters(former) === letters(entry)) return [];
    const arch = lookUpArchitecture(entry.target)?.debian[0] ?? entry.target;
    return [`${arch}: flags ${letters(entry)} at boot from now on, ${letters(former)} until now`];
  });
}

/** Only what has run a probe is persisted. What was persisted before must not be lost over it. */
function provenOf({ before, after }: Prepared, registrations: readonly RegistrationReport[]): BootState {
  const failures = failuresOf(registrations);
  for (const { target } of before.entries) {
    const error = failures.get(target);
    if (error !== undefined)
      throw new AnyarchError(error.code, error.message, error.hint === undefined ? {} : { hint: error.hint });
  }
  const isProven = ({ target }: { readonly target: string }) => !failures.has(target);
  return { ...after, members: after.members.filter(isProven), entries: after.entries.filter(isProven) };
}

function failuresOf(registrations: readonly RegistrationReport[]): Map<string, ReportedError> {
  return new Map(
    registrations.flatMap(({ results }) =>
      results.flatMap(({ architecture, error }) =>
        architecture === undefined || error === undefined ? [] : [[architecture, error] as const],
      ),
    ),
  );
}

function documented({ members, entries }: BootState): Persisted['architectures'] {
  return entries.map((entry) => {
    const { version, sha256, path } = memberOf(members, entry.target).description;
    return {
      architecture: entry.target,
      name: entry.rule.name,
      rule: ruleLine(entry),
      emulator: { version, sha256, path },
    };
  });
}

/** As far as it goes: what fails here is told by the error that led to it, and repaired by the next call. */
function restore(
  host: Host,
  { before, after, surroundings, state, options }: Prepared,
  apply: (files: ReturnType<typeof filesOf>, additive: boolean) => unknown,
): void {
  try {
    const added = after.entries.filter((entry) =>
      before.entries.every(({ rule }) => rule.name !== entry.rule.name),
    );
    const live = liveAmong(host, state, added);
    removeFormats(host, surroundings.init === 'debian' ? before.entries : []);
    apply(filesOf(host, before, surroundings), false);
    if (surroundings.init === 'debian') importFormats(host, before.entries);
    keepRunning(host, state, options, live);
    if (before.entries.length > 0)
      registerNow(host, before, { state, by: options.by, force: true, isSwitched: true });
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    host.log.warn(`what was persisted before could not be put back: ${error.message}`);
  }
}

export function save(host: Pick<Host, 'files' | 'system'>, state: string, document: Persisted): void {
  try {
    writePersisted(host, state, document);
  } catch (error) {
    throw writeFailure(host, persistedPathIn(state), error);
  }
}
