import { architectures } from '../core/architecture.ts';
import type { Flags } from '../core/flags.ts';
import type { Host } from '../host/host.ts';
import type { MountState } from '../host/kernel-table.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { openDigests, type Digests } from './digests.ts';
import { hasTablePerNamespace, type Place } from './here.ts';
import { recordsOf } from './ledger.ts';
import type { Ledger, Registration } from './ledger-document.ts';
import { liveEmulators, type LiveEmulator } from './live-emulator.ts';
import { nativeArchitectures } from './native.ts';
import type { Owner } from './owner.ts';
import type { KnownEntry } from './plan-data.ts';
import { withProver, type Proof, type Prover } from './prove.ts';
import { reportedError, type ReportedError } from './report.ts';
import { matchesHeader, sampleHeader, takesFilesOf } from './sample.ts';
import { samePattern } from './same-rule.ts';
import { survey, type Survey } from './survey.ts';
import { touchAutofs } from './table.ts';

export interface EntryStatus {
  readonly name: string;
  /** QEMU's target name of what it is for; undefined for entries such as Java's. */
  readonly architecture: string | undefined;
  /** Undefined, like all that follows, when the entry's text cannot be understood. */
  readonly enabled: boolean | undefined;
  readonly kind: 'magic' | 'extension' | undefined;
  readonly interpreter: string | undefined;
  readonly flags: Flags | undefined;
  /** What runs when the entry is used. */
  readonly emulator: LiveEmulator | undefined;
  readonly owner: Owner;
  /** Of what is recorded in a ledger. */
  readonly registered: Pick<Registration, 'at' | 'by' | 'adopted'> | undefined;
  /** Ours had its place (`register --adopt`), and its owner has registered it again. */
  readonly isReclaimed: boolean;
  /** The newer enabled entry that takes its programs away. */
  readonly shadowedBy: string | undefined;
  /** Other entries with the same pattern. */
  readonly duplicates: readonly string[];
  /** With `probe`, for the entry that is in force for its architecture. */
  readonly proof: Proof | undefined;
  /** As the kernel prints it. */
  readonly text: string;
}

export interface StatusReport {
  readonly table: {
    readonly path: string;
    readonly state: MountState;
    /** The global switch. */
    readonly enabled: boolean;
    /** Linux 6.7 and later: each user namespace can have a table of its own; this is the one in force here. */
    readonly perNamespace: boolean;
    readonly kernelRelease: string;
  };
  /** Architectures that run without an emulator, found by executing. */
  readonly native: readonly string[];
  /** The newest first: the order in which the kernel matches. */
  readonly entries: readonly EntryStatus[];
  /** What keeps from knowing more: ledgers that cannot be read. */
  readonly problems: readonly ReportedError[];
}

export interface StatusOptions {
  /** Execute a probe of each architecture that has an entry. */
  readonly probe?: boolean;
  /** Default `stateDirectory`. */
  readonly state?: string;
}

/**
 * What the kernel runs foreign programs with. Changes nothing that others see, but touches an autofs so that it shows
 * what is behind, and keeps the digests of emulators. A damaged ledger is a problem that is reported, and hides nothing
 * of what the kernel says.
 */
export function status(
  host: Host,
  { probe = false, state = stateDirectory(host.system) }: StatusOptions = {},
): StatusReport {
  touchAutofs(host);
  const found = survey(host, state, { tolerant: true });
  const { table, entries } = found;
  const digests = openDigests(host, state);
  const report = withProver(host, state, (prover) => ({
    table: {
      path: table.path,
      state: table.state,
      enabled: table.enabled,
      perNamespace: hasTablePerNamespace(host.system.kernelRelease),
      kernelRelease: host.system.kernelRelease,
    },
    native: [...nativeArchitectures(host, table, prover)].sort(),
    entries: entryStatuses(host, found, proofsOf(entries, probe ? prover : undefined), digests),
    problems: found.problems.map(reportedError),
  }));
  digests.save();
  return report;
}

/** By entry name: the proof of what is in force for each architecture. */
function proofsOf(entries: readonly KnownEntry[], prover: Prover | undefined): ReadonlyMap<string, Proof> {
  if (prover === undefined) return new Map();
  const inForce = new Map<string, string>();
  for (const architecture of architectures) {
    const header = sampleHeader(architecture);
    const taker = entries.find(
      ({ listed: { entry } }) => entry?.enabled === true && matchesHeader(entry, header),
    );
    // An entry that takes several architectures is proven by the one that it is for.
    if (taker?.architecture === architecture.name) inForce.set(taker.listed.name, architecture.name);
  }
  const proofs = prover.prove([...inForce.values()]);
  return new Map(
    [...inForce].flatMap(([name, architecture]) => {
      const proof = proofs.get(architecture);
      return proof === undefined ? [] : [[name, proof]];
    }),
  );
}

function entryStatuses(
  host: Host,
  { entries, adoptions, visible, place }: Survey,
  proofs: ReadonlyMap<string, Proof>,
  digests: Digests,
): EntryStatus[] {
  const live = liveEmulators(host, visible, place, digests);
  return entries.map((known, index): EntryStatus => {
    const { listed, owner } = known;
    const { entry } = listed;
    return {
      name: listed.name,
      architecture: known.architecture,
      enabled: entry?.enabled,
      kind: entry?.kind,
      interpreter: entry?.interpreter,
      flags: entry?.flags,
      emulator: live(known),
      owner,
      registered: registeredAs(known, visible, place),
      isReclaimed: adoptions.some((one) => one.isReclaimed && one.was.name === listed.name),
      shadowedBy: shadowOf(known, entries.slice(0, index)),
      duplicates: duplicatesOf(known, entries),
      proof: proofs.get(listed.name),
      text: listed.text,
    };
  });
}

function registeredAs({ listed }: KnownEntry, ledger: Ledger, place: Place): EntryStatus['registered'] {
  const record = recordsOf(ledger, listed.name, place).at(-1);
  if (record === undefined) return undefined;
  const { at, by, adopted } = record;
  return { at, by, ...(adopted === undefined ? {} : { adopted }) };
}

function shadowOf({ listed: { entry } }: KnownEntry, newer: readonly KnownEntry[]): string | undefined {
  if (entry === undefined) return undefined;
  return newer.find(({ listed: other }) => other.entry?.enabled === true && takesFilesOf(other.entry, entry))
    ?.listed.name;
}

function duplicatesOf(known: KnownEntry, entries: readonly KnownEntry[]): string[] {
  const { entry } = known.listed;
  return entries
    .filter(
      (other) =>
        other !== known &&
        entry !== undefined &&
        other.listed.entry !== undefined &&
        samePattern(other.listed.entry, entry),
    )
    .map((other) => other.listed.name);
}
