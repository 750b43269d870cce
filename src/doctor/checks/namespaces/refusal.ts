import { remedies, type Condition } from '../../../private-table/index.ts';
import { conditionOf } from '../../facts/private-tables.ts';

/** Whose doing it is that no user namespace can be had. */
export type RefusalCause = 'switched-off' | 'unsupported' | 'restricted' | 'filtered';

export interface Refusal {
  readonly cause: RefusalCause;
  /** What was tried and found, one clause. */
  readonly evidence: string;
}

/** Undefined where user namespaces can be made, and tables in them. A kernel that is too old for these is another matter. */
export function refusalIn(conditions: readonly Condition[]): Refusal | undefined {
  const namespaces = conditionOf(conditions, 'user-namespaces');
  if (namespaces?.holds === false)
    return { cause: causeOf(namespaces.remedy), evidence: namespaces.evidence };
  const table = conditionOf(conditions, 'kernel');
  return table?.holds === false && table.remedy !== remedies.oldKernel
    ? { cause: 'filtered', evidence: table.evidence }
    : undefined;
}

/** The conditions choose their remedy by what they found. */
function causeOf(remedy: string | undefined): RefusalCause {
  const { userNamespacesDisabled, noUserNamespacesLeft } = remedies;
  if (remedy === userNamespacesDisabled || remedy === noUserNamespacesLeft) return 'switched-off';
  if (remedy === remedies.kernelWithoutUserNamespaces) return 'unsupported';
  return remedy === remedies.apparmor ? 'restricted' : 'filtered';
}
