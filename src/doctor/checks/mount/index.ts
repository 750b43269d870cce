import type { Check } from '../../check.ts';
import { autofsNotTriggered } from './autofs-not-triggered.ts';
import { binfmtDisabled } from './binfmt-disabled.ts';
import { binfmtNotMounted } from './binfmt-not-mounted.ts';
import { binfmtReadOnly } from './binfmt-read-only.ts';
import { ownTableEmpty } from './own-table-empty.ts';

export const mountChecks: readonly Check[] = [
  autofsNotTriggered,
  binfmtNotMounted,
  binfmtReadOnly,
  binfmtDisabled,
  ownTableEmpty,
];
