import { findArchitecture } from '../core/architecture.ts';
import { requireEmulator, type Emulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import {
  readWishes,
  register,
  survey,
  type ArchitectureResult,
  type KnownEntry,
  type RegistrationReport,
} from '../registration/index.ts';
import { recordedEntry } from './boot-entry.ts';
import type { Persisted } from './document.ts';
import { liveFlags, wantedFlags, type WantedFlags } from './flags.ts';
import type { EnableOptions } from './options.ts';

/** What is asked for, with what `register` says to it. */
export interface Selection {
  readonly accepted: readonly Selected[];
  /** Architectures that cannot be registered, each with its error. */
  readonly refused: readonly ArchitectureResult[];
  /** What would be done to the table. */
  readonly plans: readonly RegistrationReport[];
  /** What is in it. */
  readonly live: readonly KnownEntry[];
}

export interface Selected {
  /** QEMU's target name. */
  readonly target: string;
  readonly emulator: Emulator;
  readonly flags: WantedFlags;
}

/**
 * Which architectures, emulators and flags are meant; changes nothing.
 *
 * @throws AnyarchError what `register` of registration/ throws for all architectures
 */
export function select(
  host: Host,
  state: string,
  before: Persisted | undefined,
  options: EnableOptions,
): Selection {
  const chosen = new Map<string, Emulator>();
  const choose = (target: string): Emulator => {
    const known = chosen.get(target);
    if (known !== undefined) return known;
    const required = requireEmulator(host, target, { qemu: options.qemu });
    const emulator = options.interposed?.(required) ?? required;
    chosen.set(target, emulator);
    return emulator;
  };
  const plan = (names: readonly string[] | 'all', flags: WantedFlags): RegistrationReport =>
    register(host, {
      ...flags,
      architectures: names,
      state,
      choose,
      force: options.force === true,
      dryRun: true,
    });

  const live = survey(host, state).entries;
  const wishes = readWishes(host, state);
  const flagsOf = (target: string): WantedFlags => {
    const persisted = [...(before?.architectures ?? []), ...(before?.intended ?? [])].find(
      ({ architecture }) => architecture === target,
    );
    return wantedFlags({
      credentials: options.credentials,
      live: liveFlags(live, target),
      wish: wishes.find(({ architecture }) => architecture === target),
      persisted: persisted === undefined ? undefined : recordedEntry(persisted).rule.flags,
    });
  };
  const names = resolve(live, before, options.architectures);
  const targets = names === 'all' ? acceptedBy([plan('all', plainFlags)]) : names;
  const groups = groupByFlags(targets.map((target) => ({ target, flags: flagsOf(target) })));
  const plans = groups.map(([flags, group]) => plan(group, flags));
  const accepted = acceptedBy(plans).flatMap((target): Selected[] => {
    const emulator = chosen.get(target);
    return emulator === undefined ? [] : [{ target, emulator, flags: flagsOf(target) }];
  });
  const refused = plans.flatMap(({ results }) => results.filter(({ error }) => error !== undefined));
  return { accepted, refused, plans, live };
}

const plainFlags: WantedFlags = { credentials: false, fixBinary: true, preserveArgv0: 'auto' };

/** What is asked for, and what a killed command was asked for. */
function resolve(
  live: readonly KnownEntry[],
  before: Persisted | undefined,
  names: EnableOptions['architectures'],
): readonly string[] | 'all' {
  if (names === 'all') return 'all';
  const intended = namesIn(before?.intended).filter((name) => !namesIn(before?.architectures).includes(name));
  if (names !== 'registered')
    return [...new Set([...names.map((name) => findArchitecture(name).name), ...intended])];
  const registered = live.flatMap(({ owner, architecture }) =>
    owner.kind === 'anyarch' && architecture !== undefined ? [architecture] : [],
  );
  const known = [...new Set([...namesIn(before?.architectures), ...intended, ...registered])];
  return known.length === 0 ? 'all' : known.toSorted();
}

function namesIn(architectures: Persisted['architectures'] = []): string[] {
  return architectures.map(({ architecture }) => architecture);
}

/** By the flags' text, in the order of their first. */
export function groupByFlags(
  wanted: readonly { readonly target: string; readonly flags: WantedFlags }[],
): (readonly [WantedFlags, readonly string[]])[] {
  const groups = new Map<string, [WantedFlags, string[]]>();
  for (const { target, flags } of wanted) {
    const key = JSON.stringify([flags.credentials, flags.fixBinary, flags.preserveArgv0]);
    const group = groups.get(key) ?? [flags, []];
    group[1].push(target);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function acceptedBy(plans: readonly RegistrationReport[]): string[] {
  return plans.flatMap(({ results }) =>
    results.flatMap(({ architecture, action, error }) =>
      architecture !== undefined && error === undefined && ['keep', 'add', 'replace'].includes(action)
        ? [architecture]
        : [],
    ),
  );
}
