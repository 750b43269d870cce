import { architectures, lookUpArchitecture, sameFamily, type Architecture } from '../core/architecture.ts';
import type { Host } from '../host/host.ts';
import { probeExitCode, type Prover } from './prove.ts';
import { matchesHeader, sampleHeader } from './sample.ts';
import type { Table } from './table.ts';

/**
 * The architectures whose programs run here without an emulator, found by executing them: x86_64 kernels may or may
 * not run i386, arm64 ones may or may not run 32-bit arm.
 *
 * The probes carry marks in the padding of e_ident, which the kernel's ELF loader does not look at and the usual
 * rules compare with zero: so an entry that emulates a native architecture cannot pass for it, nor hide it.
 */
export function nativeArchitectures(
  host: Pick<Host, 'system'>,
  table: Pick<Table, 'entries'>,
  prover: Prover,
): Set<string> {
  const own = lookUpArchitecture(host.system.machine);
  if (own === undefined) return new Set();
  const candidates = architectures.filter(
    (one) => one !== own && sameFamily(one, own) && one.elf.endianness === own.elf.endianness,
  );
  // This very process is a program of its own architecture.
  return new Set([
    own.name,
    ...candidates.filter((one) => runsNatively(one, table, prover)).map(({ name }) => name),
  ]);
}

function runsNatively(architecture: Architecture, table: Pick<Table, 'entries'>, prover: Prover): boolean {
  const header = sampleHeader(architecture);
  putMarks(header);
  // A rule that takes even this one hides what the kernel would do.
  if (table.entries.some(({ entry }) => entry?.enabled === true && matchesHeader(entry, header)))
    return false;
  const outcome = prover.execute(architecture.name, putMarks);
  return outcome?.kind === 'exited' && outcome.code === probeExitCode;
}

/** From EI_PAD to the end of e_ident (elf.h). */
function putMarks(program: Uint8Array): void {
  program.fill(0xa5, 9, 16);
}
