import type { Host } from '../host/host.ts';
import { withLock } from '../host/lock.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { planFiles, writeFailure } from '../installed-files/index.ts';
import { chooseInit } from './choose-init.ts';
import { carryOut } from './carry-out.ts';
import { readPersisted } from './document.ts';
import { setDirectory, setMember } from './emulator-set.ts';
import { flagsOf, liveFlags } from './flags.ts';
import { bootEntry, type BootEntry } from './boot-entry.ts';
import { refuseClashes } from './init/formats.ts';
import type { EnableOptions } from './options.ts';
import { ownFiles } from './own-files.ts';
import { requirePlace, requireTrustedPlace } from './place.ts';
import { requireRoot } from './privilege.ts';
import { outcomeOf, reportedFile, type PersistReport } from './report.ts';
import { enabledOf, refusedOf, type Prepared } from './prepared.ts';
import { select, type Selected, type Selection } from './select.ts';
import { filesOf, readBootState, type BootState } from './state.ts';
import { nameFor, namesOfOthers, readSurroundings } from './surroundings.ts';
import type { Surroundings } from './configuration.ts';

/**
 * Makes the init register architectures at each boot, and registers them now, from the same files. Killed at any point,
 * it leaves what the next call completes; when it fails, what was before stands.
 *
 * @throws AnyarchError ANYARCH_PERMISSION, ANYARCH_INIT_UNKNOWN, ANYARCH_PERSISTED_OTHERWISE, ANYARCH_PERSIST_PLACE,
 *   ANYARCH_EMULATOR_UNTRUSTED, ANYARCH_PERSIST_CLASH, ANYARCH_STATE_INVALID, ANYARCH_LOCKED; what applyFiles of installed-files/ and register of
 *   registration/ throw
 */
export function enable(host: Host, options: EnableOptions): PersistReport {
  requireRoot(host, 'anyarch persist enable');
  const state = options.state ?? stateDirectory(host.system);
  if (options.dryRun === true) return planReport(host, prepare(host, state, options));
  makeState(host, state);
  return withLock(host, `${state}/persistence.lock`, () => {
    const prepared = prepare(host, state, options);
    const isVain = prepared.after.entries.length === 0 && prepared.document === undefined;
    return isVain ? { ...planReport(host, prepared), dryRun: false } : carryOut(host, prepared);
  });
}

export function makeState(host: Pick<Host, 'files' | 'system'>, state: string): void {
  try {
    host.files.makeDirectory(state, 0o755);
  } catch (error) {
    throw writeFailure(host, state, error);
  }
}

function prepare(host: Host, state: string, options: EnableOptions): Prepared {
  const document = readPersisted(host, state);
  const init = chooseInit(host, options.init, document);
  const { mounts } = requirePlace(host);
  requireTrustedPlace(host);
  const surroundings = readSurroundings(host, state, init, mounts);
  const selection = select(host, state, document, options);
  const before = readBootState(host, document);
  const after = combine(host, before, selection, surroundings);
  if (init === 'debian') refuseClashes(host, after.entries);
  const found = ownFiles(host, state).map(({ path }) => path);
  const fileOptions = { force: options.force === true, found };
  return { state, options, fileOptions, document, surroundings, before, after, selection };
}

/** What is persisted already, and what is asked for in its place or besides. */
function combine(
  host: Host,
  before: BootState,
  { accepted, plans, live }: Selection,
  surroundings: Surroundings,
): BootState {
  const taken = namesOfOthers(host, surroundings);
  const isAsked = (target: string) => accepted.some((one) => one.target === target);
  const members = [
    ...before.members.filter(({ target }) => !isAsked(target)),
    ...accepted.map(({ emulator }) => {
      const member = setMember(host, emulator);
      return { ...member, source: host.files.resolve(member.source) };
    }),
  ].toSorted((a, b) => (a.target < b.target ? -1 : 1));
  const results = plans.flatMap((plan) => plan.results);
  const liveName = ({ target }: Selected) =>
    results.find(({ architecture }) => architecture === target)?.name;
  const entries: BootEntry[] = [
    ...before.entries
      .filter(({ target }) => !isAsked(target))
      .map(({ target, rule }) => {
        const flags = liveFlags(live, target) ?? rule.flags;
        return bootEntry(target, nameFor(target, rule.name, taken), flags);
      }),
    ...accepted.map((one) => {
      const { target, emulator, flags } = one;
      return bootEntry(target, nameFor(target, liveName(one), taken), flagsOf(flags, emulator));
    }),
  ].toSorted((a, b) => (a.target < b.target ? -1 : 1));
  return { members, entries, directory: members.length === 0 ? undefined : setDirectory(members) };
}

function planReport(host: Host, prepared: Prepared): PersistReport {
  const { state, fileOptions, surroundings, after, selection } = prepared;
  const wanted = filesOf(host, after, surroundings);
  const files = planFiles(host, state, 'persistence', wanted, fileOptions).map(reportedFile);
  const architectures = [...enabledOf(prepared), ...refusedOf(selection)];
  const isRefused = files.some(({ error }) => error !== undefined);
  return {
    outcome: isRefused ? 'failed' : outcomeOf(architectures),
    dryRun: true,
    init: surroundings.init,
    architectures,
    files,
    registrations: selection.plans,
    notes: [],
  };
}
