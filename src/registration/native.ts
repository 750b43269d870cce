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
  const visible = candidates.filter((one) => isVisible(one, table)).map(({ name }) => name);
  const outcomes = prover.execute(visible, putMarks);
  const runs = visible.filter((name) => {
    const outcome = outcomes.get(name);
    return outcome?.kind === 'exited' && outcome.code === probeExitCode;
  });
  // This very process is a program of its own architecture.
  return new Set([own.name, ...runs]);
}

/** A rule that takes even the marked program hides what the kernel would do. */
function isVisible(architecture: Architecture, { entries }: Pick<Table, 'entries'>): boolean {
  const header = sampleHeader(architecture);
  putMarks(header);
  return !entries.some(({ entry }) => entry?.enabled === true && matchesHeader(entry, header));
}

/** From EI_PAD to the end of e_ident (elf.h). */
function putMarks(program: Uint8Array): void {
  program.fill(0xa5, 9, 16);
}
