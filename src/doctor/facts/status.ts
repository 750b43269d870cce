import { status } from '../../registration/index.ts';
import { fact } from '../examination.ts';
import { requireAnswer } from './mount-state.ts';

/** The table in force for this process, its entries, their owners and emulators, and a probe of each architecture that has one. */
export const tableStatus = fact((examination) => {
  requireAnswer(examination);
  return status(examination.host, { probe: true });
});
