import type { Check } from '../../check.ts';
import { entryDisabled } from './entry-disabled.ts';
import { entryDuplicate } from './entry-duplicate.ts';
import { entryInAnotherTable } from './entry-in-another-table.ts';
import { entryMissing } from './entry-missing.ts';
import { entryOfAnotherArchitecture } from './entry-of-another-architecture.ts';
import { entryShadowed } from './entry-shadowed.ts';
import { entryTooBroad } from './entry-too-broad.ts';
import { entryUnseenByApptainer } from './entry-unseen-by-apptainer.ts';
import { entryWrongPattern } from './entry-wrong-pattern.ts';

export const entryChecks: readonly Check[] = [
  entryInAnotherTable,
  entryMissing,
  entryDisabled,
  entryShadowed,
  entryWrongPattern,
  entryOfAnotherArchitecture,
  entryTooBroad,
  entryUnseenByApptainer,
  entryDuplicate,
];
