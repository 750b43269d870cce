import { doctorPage, pageContent, type Diagnosis, type Examination, type Fix } from '../../doctor/index.ts';
import { errorOutcome } from '../error-outcome.ts';
import { ownVersion } from '../own-package.ts';
import type { PageTarget } from './doctor-page-target.ts';
import type { PageFailure } from '../reports/doctor.ts';

/**
 * Writes the report for a browser.
 *
 * @returns why it could not be written, which is no reason to keep what was found, and what was repaired, to oneself
 */
export function writePage(
  { write }: PageTarget,
  examination: Examination,
  found: { readonly diagnosis: Diagnosis; readonly fixes?: readonly Fix[] },
): PageFailure | undefined {
  const page = doctorPage(pageContent(examination, found, ownVersion()));
  try {
    write(page);
    return undefined;
  } catch (error) {
    return errorOutcome(error, { debug: false });
  }
}
