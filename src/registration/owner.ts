import type { Entry } from '../core/entry.ts';
import { systemDirectory } from '../host/system-directory.ts';
import type { Described } from './described.ts';
import type { Place } from './here.ts';
import { recordsOf } from './ledger.ts';
import type { Ledger } from './ledger-document.ts';
import { sameFlags } from './same-rule.ts';
import type { TableEntry } from './table.ts';

export type OwnerKind =
  | 'anyarch'
  | 'systemd-binfmt'
  | 'binfmt-support'
  /** The service qemu-binfmt of Alpine and Gentoo. */
  | 'openrc'
  /** A QEMU entry of a tool such as multiarch/qemu-user-static or tonistiigi/binfmt: what `--reset` removes. */
  | 'predecessor'
  | 'wsl'
  | 'rosetta'
  | 'fex'
  | 'box64'
  | 'wine'
  | 'mono'
  | 'java'
  | 'python'
  | 'llvm'
  | 'appimage'
  | 'unknown';

export interface Owner {
  readonly kind: OwnerKind;
  /** What told us, for people: `recorded in the ledger`, `/usr/lib/binfmt.d/qemu-aarch64.conf`. */
  readonly evidence: string;
}

export interface OwnerEvidence {
  /** Reconciled with the table. */
  readonly ledger: Ledger;
  readonly place: Place;
  readonly described: readonly Described[];
  /** Where our own emulators are (host/stored-path.ts): `<state>/store/sha256/`, each ending in `/`. */
  readonly stores: readonly string[];
}

/** Who made an entry. Doubt makes it somebody else's: only `anyarch` and, on demand, `predecessor` are ever removed. */
export function ownerOf(listed: TableEntry, evidence: OwnerEvidence): Owner {
  return (
    ours(listed, evidence) ??
    describedOwner(listed, evidence.described) ??
    recognised(listed) ??
    distribution(listed) ??
    predecessor(listed) ??
    unknown
  );
}

const unknown: Owner = { kind: 'unknown', evidence: 'nothing on this host names it' };

/** Names that no other tool uses, for what anyarch registers: a lost ledger leaves them recognisable. */
const ownName = /^anyarch-[a-z0-9_]+(-next)?$/;
const emulatorFile = /\/qemu-[^/]+$/;

/** In any store, such as that of another ANYARCH_HOME: nobody else files emulators under their SHA-256 like this. */
const storedEmulator = /\/store\/sha256\/[0-9a-f]{64}\/qemu-[a-z0-9_]+$/;

function ours({ name, entry }: TableEntry, { ledger, place, stores }: OwnerEvidence): Owner | undefined {
  if (entry === undefined) return undefined;
  if (recordsOf(ledger, name, place).length > 0)
    return { kind: 'anyarch', evidence: 'recorded in the ledger' };
  if (entry.interpreter.startsWith(`${systemDirectory}/`)) {
    return { kind: 'anyarch', evidence: `its interpreter is in anyarch's directory: ${entry.interpreter}` };
  }
  if (stores.some((store) => entry.interpreter.startsWith(store))) {
    return { kind: 'anyarch', evidence: `its interpreter is in anyarch's store: ${entry.interpreter}` };
  }
  if (storedEmulator.test(entry.interpreter)) {
    return { kind: 'anyarch', evidence: `its interpreter is in a store of anyarch: ${entry.interpreter}` };
  }
  return entry.kind === 'magic' && ownName.test(name) && emulatorFile.test(entry.interpreter)
    ? { kind: 'anyarch', evidence: `only anyarch calls an emulator's entry so: ${name}` }
    : undefined;
}

function describedOwner(listed: TableEntry, described: readonly Described[]): Owner | undefined {
  const candidates = described.filter((one) => describes(one, listed));
  // bookworm's emulators are described for both registrars, with other flags.
  const exact = candidates.find(
    ({ flags }) => flags !== undefined && listed.entry !== undefined && sameFlags(flags, listed.entry.flags),
  );
  const found = exact ?? candidates[0];
  return found === undefined ? undefined : { kind: found.by, evidence: found.file };
}

function describes(one: Described, { name, entry }: TableEntry): boolean {
  if (one.by === 'openrc') return entry !== undefined && isOpenRcs(one, name, entry);
  return (
    one.name === name &&
    (one.interpreter === undefined || entry === undefined || isInterpreter(one, entry.interpreter))
  );
}

function isOpenRcs({ fixBinary }: Described, name: string, { interpreter, flags }: Entry): boolean {
  return (
    name.startsWith('qemu-') &&
    /^\/usr\/bin\/qemu-[a-z0-9_]+$/.test(interpreter) &&
    (fixBinary === true || !flags.fixBinary)
  );
}

/** With a detector, binfmt-support registers its own run-detectors in front of the interpreter. */
function isInterpreter(one: Described, interpreter: string): boolean {
  return (
    one.interpreter === interpreter ||
    (one.by === 'binfmt-support' && interpreter.endsWith('/binfmt-support/run-detectors'))
  );
}

const signs: readonly (readonly [OwnerKind, 'name' | 'interpreter', RegExp])[] = [
  ['wsl', 'name', /WSLInterop/],
  ['wsl', 'interpreter', /^\/(init|tools\/init)$/],
  ['rosetta', 'name', /rosetta/i],
  // OrbStack's is called /mnt/rv/[rosetta].
  ['rosetta', 'interpreter', /\/\[?rosetta\]?$/],
  ['fex', 'name', /^FEX-/i],
  ['fex', 'interpreter', /\/FEX(Interpreter|Loader)?$/],
  ['box64', 'name', /^box(64|86|32)$/i],
  ['box64', 'interpreter', /\/box(64|86)$/],
  ['wine', 'name', /^(wine|DOSWin|windows|hangover)/i],
  ['wine', 'interpreter', /\/(wine|hangover)[^/]*$/],
  ['mono', 'name', /^(cli|clr|mono)$/i],
  ['mono', 'interpreter', /\/(cli|mono)$/],
  ['java', 'name', /^(jar|java|jarwrapper)$/i],
  ['java', 'interpreter', /\/(jexec|jarwrapper|javawrapper|java)$/],
  ['python', 'name', /^python/],
  ['python', 'interpreter', /\/python[0-9.]*$/],
  ['llvm', 'name', /^llvm-[0-9]+-runtime/],
  ['llvm', 'interpreter', /\/lli(-[0-9]+)?$/],
  ['appimage', 'name', /^appimage/i],
  ['appimage', 'interpreter', /\/(AppImageLauncher|appimage-run)$/],
];

function recognised({ name, entry }: TableEntry): Owner | undefined {
  for (const [kind, where, pattern] of signs) {
    const value = where === 'name' ? name : (entry?.interpreter ?? '');
    if (pattern.test(value)) return { kind, evidence: `its ${where} is ${value}` };
  }
  return undefined;
}

/**
 * Both must be as these tools write them. multiarch: /usr/bin/qemu-X-static; tonistiigi, linuxkit: /usr/bin/qemu-X;
 * dbhi/qus: /qus/bin/qemu-X-static.
 */
const predecessorInterpreter =
  /^(\/usr\/(local\/)?bin\/qemu-[a-z0-9_]+(-static)?|\/qus\/bin\/qemu-[a-z0-9_]+(-static)?)$/;

/**
 * What tells Debian's entries apart where its files are hidden, or are not those of the table's host: bookworm's
 * interpreters, and flag O without C, which no predecessor sets.
 */
function distribution({ name, entry }: TableEntry): Owner | undefined {
  if (entry?.interpreter.startsWith('/run/binfmt/') === true)
    return { kind: 'systemd-binfmt', evidence: `only NixOS has ${entry.interpreter}` };
  if (entry?.kind !== 'magic' || !name.startsWith('qemu-')) return undefined;
  if (entry.interpreter.startsWith('/usr/libexec/qemu-binfmt/')) {
    return { kind: 'binfmt-support', evidence: `only Debian has ${entry.interpreter}` };
  }
  return entry.flags.openBinary && !entry.flags.credentials
    ? { kind: 'systemd-binfmt', evidence: 'only Debian sets O without C' }
    : undefined;
}

function predecessor({ name, entry }: TableEntry): Owner | undefined {
  if (entry?.kind !== 'magic' || !/^qemu-[a-z0-9_]+$/.test(name)) return undefined;
  if (!predecessorInterpreter.test(entry.interpreter)) return undefined;
  return {
    kind: 'predecessor',
    evidence: `interpreter ${entry.interpreter}, as images register; no file of a distribution that is seen describes it`,
  };
}

/** Without `reset` only what we made ourselves. */
export function isRemovable(owner: Owner, reset: boolean): boolean {
  return owner.kind === 'anyarch' || (reset && owner.kind === 'predecessor');
}
