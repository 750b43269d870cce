import type { Check } from '../../check.ts';
import { idMapProgramsMissing } from './id-map-programs-missing.ts';
import { idMapProgramsPowerless } from './id-map-programs-powerless.ts';
import { subordinateIdsFew } from './subordinate-ids-few.ts';
import { subordinateIdsMissing } from './subordinate-ids-missing.ts';
import { subordinateIdsOverlap } from './subordinate-ids-overlap.ts';
import { userNamespacesFiltered } from './user-namespaces-filtered.ts';
import { userNamespacesOff } from './user-namespaces-off.ts';
import { userNamespacesRestricted } from './user-namespaces-restricted.ts';

export const namespacesChecks: readonly Check[] = [
  userNamespacesOff,
  userNamespacesRestricted,
  userNamespacesFiltered,
  idMapProgramsMissing,
  idMapProgramsPowerless,
  subordinateIdsMissing,
  subordinateIdsOverlap,
  subordinateIdsFew,
];
