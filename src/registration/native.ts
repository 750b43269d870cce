import { architectures, lookUpArchitecture, sameFamily, type Architecture } from '../core/architecture.ts';
import type { Host } from '../host/host.ts';
import type { ExecutionOutcome } from '../host/processes.ts';
import { probeExitCode, type Prover } from './prove.ts';
import { matchesHeader, sampleHeader } from './sample.ts';
import type { Table } from './table.ts';

/** What this machine runs by itself. */
export interface Native {
  /** QEMU's names. */
  readonly architectures: ReadonlySet<string>;
  /** Why this very process is not known to run without an emulator; undefined when it does. */
  readonly emulated: EmulatedSelf | undefined;
}

export interface EmulatedSelf {
  /** QEMU's name of what this program was compiled for. */
  readonly architecture: string;
  /** The entry that takes even the marked program, so that it cannot be told; undefined when the kernel refused it. */
  readonly hiddenBy: string | undefined;
}

/**
 * What runs here without an emulator, found by executing it: x86_64 kernels may or may not run i386, arm64 ones may or
 * may not run 32-bit arm. `uname` says nothing for certain: QEMU answers it for the programs that it runs, so an arm64
 * image on an x86-64 machine takes the machine for its own.
 *
 * The probes carry marks in the padding of e_ident, which the kernel's ELF loader does not look at and the usual
 * rules compare with zero: so an entry that emulates a native architecture cannot pass for it, nor hide it.
 */
export function findNative(
  host: Pick<Host, 'system'>,
  table: Pick<Table, 'entries'>,
  prover: Prover,
): Native {
  const own = lookUpArchitecture(host.system.machine);
  if (own === undefined) return { architectures: new Set(), emulated: undefined };
  const relatives = architectures.filter(
    (one) => one !== own && sameFamily(one, own) && one.elf.endianness === own.elf.endianness,
  );
  const outcomes = executeMarked([own, ...relatives], table, prover);
  const hiddenBy = takerOfMarked(own, table);
  // Other refusals, such as a security module's, say nothing; and without a place to execute from there is no outcome.
  if (hiddenBy === undefined && !isUnknownToKernel(outcomes.get(own.name)))
    return { architectures: new Set([own.name, ...runningOf(outcomes)]), emulated: undefined };
  const strangers = architectures.filter((one) => one !== own && !relatives.includes(one));
  const running = runningOf(executeMarked(strangers, table, prover));
  // No machine runs programs of two families: one of another makes it certain that ours are emulated.
  const isHidden = hiddenBy !== undefined && running.length === 0;
  return {
    architectures: new Set([...(isHidden ? [own.name] : []), ...runningOf(outcomes), ...running]),
    emulated: { architecture: own.name, hiddenBy: isHidden ? hiddenBy : undefined },
  };
}

/** The names of `findNative` alone, for who registers nothing. */
export function nativeArchitectures(
  host: Pick<Host, 'system'>,
  table: Pick<Table, 'entries'>,
  prover: Prover,
): ReadonlySet<string> {
  return findNative(host, table, prover).architectures;
}

/** Without those that an entry takes in spite of the marks: it hides what the kernel would do. */
function executeMarked(
  candidates: readonly Architecture[],
  table: Pick<Table, 'entries'>,
  prover: Prover,
): ReadonlyMap<string, ExecutionOutcome> {
  const visible = candidates.filter((one) => takerOfMarked(one, table) === undefined);
  return prover.execute(
    visible.map(({ name }) => name),
    putMarks,
  );
}

function runningOf(outcomes: ReadonlyMap<string, ExecutionOutcome>): string[] {
  return [...outcomes].flatMap(([name, outcome]) =>
    outcome.kind === 'exited' && outcome.code === probeExitCode ? [name] : [],
  );
}

function isUnknownToKernel(outcome: ExecutionOutcome | undefined): boolean {
  return outcome?.kind === 'refused' && outcome.errno === 'ENOEXEC';
}

function takerOfMarked(architecture: Architecture, { entries }: Pick<Table, 'entries'>): string | undefined {
  const header = sampleHeader(architecture);
  putMarks(header);
  return entries.find(({ entry }) => entry?.enabled === true && matchesHeader(entry, header))?.name;
}

/** From EI_PAD to the end of e_ident (elf.h). */
function putMarks(program: Uint8Array): void {
  program.fill(0xa5, 9, 16);
}
