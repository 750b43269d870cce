import { architectures, type Architecture } from '../../core/architecture.ts';
import { parseEntry, type Entry } from '../../core/entry.ts';
import { AnyarchError } from '../../core/error.ts';
import { matchesMagic } from '../../core/match.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import { architectureInName, withProver, type EntryStatus, type Proof } from '../../registration/index.ts';
import { fact } from '../examination.ts';
import { foreignConcerned } from './concerned.ts';
import { tableStatus } from './status.ts';

/** How the programs of an architecture that is not native are handled by the table that is seen here. */
export interface Coverage {
  /** QEMU's target name. */
  readonly architecture: string;
  /** The entry that takes them: the newest that is enabled. */
  readonly winner: KnownEntry | undefined;
  /** Those that would, were the winner not there: enabled, the newest first. */
  readonly shadowed: readonly KnownEntry[];
  /** Those that would, were they enabled. */
  readonly disabled: readonly KnownEntry[];
  /** Enabled, made for it by name or emulator, but their magic and mask take none of its programs, or not all. */
  readonly misfits: readonly KnownEntry[];
  /** What executing one led to; undefined where nobody asked and no entry takes it. */
  readonly proof: Proof | undefined;
}

export interface KnownEntry {
  readonly status: EntryStatus;
  readonly entry: Entry;
}

/** By QEMU's target name, of all architectures that are not native. */
export const coverages = fact((examination): ReadonlyMap<string, Coverage> => {
  const { native, entries } = tableStatus(examination);
  const known = knownEntries(entries);
  const foreign = architectures.filter(({ name }) => !native.includes(name));
  const found = foreign.map((one) => coverageOf(one, known));
  const asked = foreignConcerned(examination);
  const untried = found.filter(({ proof, winner, architecture }) =>
    proof === undefined ? winner !== undefined || asked.includes(architecture) : false,
  );
  const { host } = examination;
  const proofs: ReadonlyMap<string, Proof> =
    untried.length === 0
      ? new Map()
      : withProver(host, stateDirectory(host.system), ({ prove }) =>
          prove(untried.map(({ architecture }) => architecture)),
        );
  return new Map(
    found.map((one) => [one.architecture, { ...one, proof: one.proof ?? proofs.get(one.architecture) }]),
  );
});

function coverageOf(architecture: Architecture, known: readonly KnownEntry[]): Coverage {
  const taking = known.filter(({ entry }) => takes(entry, architecture));
  const [winner, ...shadowed] = taking.filter(({ entry }) => entry.enabled);
  return {
    architecture: architecture.name,
    winner,
    shadowed,
    disabled: taking.filter(({ entry }) => !entry.enabled),
    misfits: known.filter(
      ({ entry }) =>
        entry.enabled &&
        entry.kind === 'magic' &&
        madeFor(entry) === architecture.name &&
        !takesAll(entry, architecture),
    ),
    proof: winner?.status.architecture === architecture.name ? winner.status.proof : undefined,
  };
}

/** Whether it takes the plainest of programs: what a probe is. */
function takes(entry: Entry, { magic }: Architecture): boolean {
  return entry.kind === 'magic' && matchesMagic(magic, entry);
}

/** e_type, where a program says whether it is position-independent, and e_ident's byte for the OS ABI. */
const osAbi = 7;
const gnu = 3;
const executable = 2;
const positionIndependent = 3;

/**
 * Whether it takes everything that compilers make: position-independent or not, and with the OS ABI that glibc's static programs have,
 * as far as QEMU's own rule takes it.
 */
function takesAll(entry: Entry, architecture: Architecture): boolean {
  const type = architecture.elf.endianness === 'big' ? 17 : 16;
  return [executable, positionIndependent].every((kind) =>
    [0, gnu].every((abi) => {
      const header = architecture.magic.slice();
      header[type] = kind;
      header[osAbi] = abi;
      return !matchesMagic(header, architecture) || matchesMagic(header, entry);
    }),
  );
}

/** By the interpreter's name, as all packages call QEMU, else by the entry's. */
function madeFor({ name, interpreter }: Entry): string | undefined {
  const file = interpreter.slice(interpreter.lastIndexOf('/') + 1);
  return /^qemu-([a-z0-9_]+?)(-static)?$/.exec(file)?.[1] ?? architectureInName(name);
}

function knownEntries(entries: readonly EntryStatus[]): KnownEntry[] {
  return entries.flatMap((status) => {
    try {
      return [{ status, entry: parseEntry(status.name, status.text) }];
    } catch (error) {
      // It is listed by `anyarch status`, and nothing can be said about it here.
      if (error instanceof AnyarchError) return [];
      throw error;
    }
  });
}
