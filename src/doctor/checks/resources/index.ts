import type { Check } from '../../check.ts';
import { addressSpaceLimit } from './address-space-limit.ts';
import { launcherPlaceMissing } from './launcher-place-missing.ts';
import { memoryLimit } from './memory-limit.ts';
import { memoryOvercommit } from './memory-overcommit.ts';
import { mmapMinAddr } from './mmap-min-addr.ts';
import { noSpace } from './no-space.ts';
import { processLimit } from './process-limit.ts';

export const resourcesChecks: readonly Check[] = [
  noSpace,
  launcherPlaceMissing,
  addressSpaceLimit,
  memoryOvercommit,
  memoryLimit,
  processLimit,
  mmapMinAddr,
];
