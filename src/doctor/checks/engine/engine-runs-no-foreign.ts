import { defineCheck } from '../../check.ts';
import { engineProbe } from '../../facts/engines/engine-probe.ts';
import { tableStatus } from '../../facts/status.ts';
import { commandName } from '../../remedies/register.ts';
import { probeEvidence, refusedOf } from './probe-evidence.ts';

export const engineRunsNoForeign = defineCheck({
  id: 'engine-runs-no-foreign',
  question: 'Do foreign programs run in containers where they run outside of them?',
  severity: 'error',
  explanation:
    "The machine runs programs of the architecture, and a container of the engine does not: the engine's daemon is in a namespace or a container of its own with another table, the entry needs a file that containers do not have, or a security module keeps them from the emulator; a container may then end with 0 having run nothing.",
  remedy: 'anyarch register ARCH, which registers with F; restart the engine; see the other checks',
  symptoms: ['exec-format-error', 'no-such-file', 'permission-denied', 'runs-nothing'],
  scopes: ['docker', 'podman'],
  examine: async (examination) => {
    const probe = await engineProbe(examination);
    if (probe === undefined || probe.foreign.size === 0)
      return { status: 'skipped', reason: 'there is nothing to be tried in a container' };
    if (probe.engine.elsewhere !== undefined)
      return { status: 'skipped', reason: 'the engine is elsewhere, which engine-elsewhere looks at' };
    const { entries } = tableStatus(examination);
    const works = (one: string): boolean =>
      entries.some(({ architecture, proof }) => architecture === one && proof?.status === 'proven');
    const refused = refusedOf(probe);
    const evidence = probeEvidence(probe);
    const onlyThere = refused.filter(works);
    if (refused.length > 0 && onlyThere.length === 0)
      return { status: 'skipped', reason: 'it does not run outside of containers either' };
    if (onlyThere.length === 0) return { status: 'ok', evidence };
    const names = onlyThere.map(commandName);
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'likely',
      summary: `programs for ${names.join(', ')} run on this machine, but not in containers of ${probe.engine.name}`,
      evidence: [`outside of containers a probe for ${names.join(', ')} ran`, ...evidence],
      architectures: onlyThere,
      remedies: [
        {
          does: 'register with the interpreter opened by the kernel, so that containers need no file of it',
          command: ['anyarch', 'register', ...names],
          by: 'anyarch',
          needsRoot: true,
        },
      ],
    };
  },
});
