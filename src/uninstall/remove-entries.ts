import type { Host } from '../host/host.ts';
import { survey, unregister, type ArchitectureResult } from '../registration/index.ts';
import { coded } from './coded.ts';
import { didNothing, failedAt, joined, type StepResult } from './report.ts';

/** Takes our entries out of the kernel's table; what has made way for them is given back. */
export function removeEntries(host: Host, state: string, dryRun: boolean): StepResult {
  try {
    if (host.system.uid !== 0) return entriesOfOthers(host, state);
    const planned = joined(
      unregister(host, { architectures: 'all', state, dryRun: true }).results.map(entryResult),
    );
    // What there is nothing to do for makes no state directory, and runs no probes.
    if (dryRun || (planned.removed.length === 0 && planned.left.length === 0)) return planned;
    return joined(unregister(host, { architectures: 'all', state }).results.map(entryResult));
  } catch (error) {
    return failedAt(host.binfmt.path, coded(host, state, error));
  }
}

export function entryResult({ name, action, reason, inForce, error }: ArchitectureResult): StepResult {
  if (name === undefined || action === 'absent' || action === 'skip') return didNothing;
  if (error !== undefined) return { removed: [], left: [{ subject: name, reason: error.message, error }] };
  const given = action === 'release' ? `given back (${reason})` : undefined;
  const note = given ?? (inForce === undefined ? undefined : `${inForce} takes its programs`);
  return { removed: [{ kind: 'entry', subject: name, ...(note === undefined ? {} : { note }) }], left: [] };
}

/** A plain user may look at the host's table only. */
function entriesOfOthers(host: Host, state: string): StepResult {
  const ours = survey(host, state).entries.filter(({ owner }) => owner.kind === 'anyarch');
  return {
    removed: [],
    left: ours.map(({ listed: { name } }) => ({
      subject: name,
      reason: "an entry of the host's table, which root made: sudo anyarch uninstall",
    })),
  };
}
