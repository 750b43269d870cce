import type { Examination } from '../../examination.ts';
import { isAskedAbout } from '../../facts/asked-about.ts';
import type { Scope } from '../../scopes.ts';
import type { Symptom } from '../../symptom.ts';
import type { Fault } from '../../verdict.ts';

/** Why checks of ids are skipped for root. */
export const rootNeedsNone = 'root maps ids without help; ask as the user whom it concerns';

/** Engines that an ordinary user runs in user namespaces. */
const rootlessScopes: readonly (Scope | undefined)[] = ['podman', 'buildah', 'apptainer'];

/**
 * Whoever registers as root needs neither user namespaces nor ids in them. An error where somebody met it, or is going to: an
 * ordinary user with an engine that needs them. Elsewhere worth knowing.
 */
export function severityFor(
  examination: Examination,
  symptom: Symptom,
): Pick<Fault, 'severity' | 'certainty'> {
  if (isAskedAbout(examination, [symptom])) return { severity: 'error', certainty: 'proven' };
  const { scope, host } = examination;
  const isNeeded = host.system.uid !== 0 && rootlessScopes.includes(scope);
  return { severity: isNeeded ? 'error' : 'note', certainty: 'likely' };
}
