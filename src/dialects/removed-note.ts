import type { Host } from '../host/host.ts';
import type { RegistrationReport } from '../registration/index.ts';

/**
 * Names the entries that went without anything in their place, where it cannot be seen who made them: Fedora's, Arch's
 * and others' distributions' read exactly as those of the images that the predecessors were. A line for stderr, or
 * nothing.
 */
export function removedNote(
  { system }: Pick<Host, 'system'>,
  { dryRun, results }: Pick<RegistrationReport, 'dryRun' | 'results'>,
): string {
  if (dryRun || system.hostFiles !== 'hidden') return '';
  const gone = results.flatMap(({ action, name = '', removed, error }) =>
    action === 'remove' && removed?.owner === 'predecessor' && error === undefined
      ? [`${name} (${removed.interpreter ?? 'unknown'})`]
      : [],
  );
  if (gone.length === 0) return '';
  return (
    `anyarch: removed, and replaced by nothing: ${gone.join(', ')}; ` +
    'to keep those that a distribution made, show its files: -v /:/host:ro\n'
  );
}
