import { architectures as allArchitectures, type Architecture } from '../core/architecture.ts';
import type { Applied } from './apply-action.ts';
import type { ExecutionOutcome } from '../host/processes.ts';
import { explainOutcome } from './explain-outcome.ts';
import { probeExitCode, type Prover } from './prove.ts';
import { resultOf, type ArchitectureResult } from './report.ts';
import { matchesHeader, sampleHeader } from './sample.ts';
import type { Table } from './table.ts';

/**
 * After a removal ENOEXEC is the proof; when the programs still run, another entry or the kernel itself takes them.
 * After a release it is that the programs run; what ran none before it was taken over does not now.
 */
export function checkedResults(
  applied: readonly Applied[],
  table: Table,
  prover: Prover,
): ArchitectureResult[] {
  const removed = applied.flatMap(({ action: { architecture }, error }) =>
    error === undefined && architecture !== undefined ? [architecture] : [],
  );
  const outcomes = prover.execute(removed);
  return applied.map((one): ArchitectureResult => {
    const result = resultOf(one);
    const architecture = allArchitectures.find(({ name }) => name === one.action.architecture);
    if (one.error !== undefined || architecture === undefined) return result;
    const outcome = outcomes.get(architecture.name);
    const inForce = inForceFor(architecture, table);
    if (one.action.kind === 'release') return { ...result, inForce, ...proofOfRelease(one, outcome) };
    const isGone = outcome?.kind === 'refused' && outcome.errno === 'ENOEXEC';
    return {
      ...result,
      inForce,
      proven: outcome === undefined ? undefined : isGone,
    };
  });
}

function proofOfRelease(
  { action: { adopted, architecture, reason } }: Applied,
  outcome: ExecutionOutcome | undefined,
): Pick<ArchitectureResult, 'proven' | 'reason'> {
  if (outcome === undefined || adopted?.enabled !== true) return { proven: undefined, reason };
  const isProven = outcome.kind === 'exited' && outcome.code === probeExitCode;
  const problem = isProven ? '' : `; ${explainOutcome(architecture ?? '', outcome).reason}`;
  return { proven: isProven, reason: `${reason}${problem}` };
}

function inForceFor(architecture: Architecture, { entries }: Table): string | undefined {
  const header = sampleHeader(architecture);
  return entries.find(({ entry }) => entry?.enabled === true && matchesHeader(entry, header))?.name;
}
