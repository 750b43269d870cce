import { status } from '../../registration/index.ts';
import { fact } from '../examination.ts';

/** The table in force for this process, its entries, their owners and emulators, and a probe of each architecture that has one. */
export const tableStatus = fact(({ host }) => status(host, { probe: true }));
