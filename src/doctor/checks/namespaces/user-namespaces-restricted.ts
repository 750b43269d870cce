import type { Condition } from '../../../private-table/index.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import { privateTables } from '../../facts/private-tables.ts';
import type { Verdict } from '../../verdict.ts';
import { refusalIn } from './refusal.ts';
import { severityFor } from './severity.ts';
import { registerAsRoot } from './user-namespaces-off.ts';

export const userNamespacesRestricted = defineCheck({
  id: 'user-namespaces-restricted',
  question: 'Does AppArmor leave users their rights in namespaces?',
  severity: 'error',
  explanation:
    'Ubuntu 23.10 and later let a user make a namespace and give no rights in it, unless an AppArmor profile with "userns" is attached to the program. Then ids cannot be mapped and nothing can be mounted.',
  remedy:
    'a profile for the program in /etc/apparmor.d, or as root: sysctl kernel.apparmor_restrict_unprivileged_userns=0',
  symptoms: ['namespace-refused', 'ids-not-mapped'],
  references: [
    'https://discourse.ubuntu.com/t/spec-unprivileged-user-namespace-restrictions-via-apparmor-in-ubuntu-23-10/37626',
  ],
  examine: (examination) => userNamespacesRestrictedIn(examination, privateTables(examination)),
});

export function userNamespacesRestrictedIn(
  examination: Examination,
  conditions: readonly Condition[],
): Verdict {
  const refusal = refusalIn(conditions);
  if (refusal?.cause !== 'restricted')
    return {
      status: 'ok',
      evidence: ['kernel.apparmor_restrict_unprivileged_userns takes nothing away here'],
    };
  return {
    status: 'fault',
    ...severityFor(examination, 'namespace-refused'),
    summary: 'AppArmor takes the rights of unprivileged user namespaces away',
    evidence: [refusal.evidence],
    remedies: [
      {
        does: 'lift the restriction for every program until the next boot; a profile for anyarch alone is the narrower way (docs/rootless-administrators.md)',
        command: ['sysctl', '-w', 'kernel.apparmor_restrict_unprivileged_userns=0'],
        by: 'user',
        needsRoot: true,
      },
      registerAsRoot,
    ],
  };
}
