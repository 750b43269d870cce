import { findArchitecture } from '../core/architecture.ts';
import { requireEmulator, type Emulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import {
  readWishes,
  register,
  survey,
  type ArchitectureResult,
  type RegistrationReport,
} from '../registration/index.ts';
import { recordedEntry } from './boot-entry.ts';
import type { Persisted } from './document.ts';
import { wantedFlags, type WantedFlags } from './flags.ts';
import type { EnableOptions } from './options.ts';

/** What is asked for, with what `register` says to it. */
export interface Selection {
  readonly accepted: readonly Selected[];
  /** Architectures that cannot be registered, each with its error. */
  readonly refused: readonly ArchitectureResult[];
  /** What would be done to the table. */
  readonly plans: readonly RegistrationReport[];
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
    const emulator = chosen.get(target) ?? requireEmulator(host, target, { qemu: options.qemu });
    chosen.set(target, emulator);
    return emulator;
  };
  const plan = (names: readonly string[] | 'all', flags: WantedFlags): RegistrationReport =>
    register(host, { ...flags, architectures: names, state, choose, dryRun: true });

  const wishes = readWishes(host, state);
  const flagsOf = (target: string): WantedFlags => {
    const persisted = before?.architectures.find(({ architecture }) => architecture === target);
    return wantedFlags(
      options.credentials,
      persisted === undefined ? undefined : recordedEntry(persisted).rule.flags,
      wishes.find(({ architecture }) => architecture === target),
    );
  };
  const names = resolve(host, state, options.architectures);
  const targets =
    names === 'all' ? acceptedBy([plan('all', wantedFlags(false, undefined, undefined))]) : names;
  const groups = groupByFlags(targets.map((target) => ({ target, flags: flagsOf(target) })));
  const plans = groups.map(([flags, group]) => plan(group, flags));
  const accepted = acceptedBy(plans).flatMap((target): Selected[] => {
    const emulator = chosen.get(target);
    return emulator === undefined ? [] : [{ target, emulator, flags: flagsOf(target) }];
  });
  const refused = plans.flatMap(({ results }) => results.filter(({ error }) => error !== undefined));
  return { accepted, refused, plans };
}

function resolve(
  host: Host,
  state: string,
  names: EnableOptions['architectures'],
): readonly string[] | 'all' {
  if (names === 'all') return 'all';
  if (names !== 'registered') return [...new Set(names.map((name) => findArchitecture(name).name))];
  const registered = survey(host, state).entries.flatMap(({ owner, architecture }) =>
    owner.kind === 'anyarch' && architecture !== undefined ? [architecture] : [],
  );
  return registered.length === 0 ? 'all' : [...new Set(registered)].toSorted();
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
