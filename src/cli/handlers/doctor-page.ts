import { encodeUtf8 } from '../../core/text.ts';
import { doctorPage, pageContent, type Diagnosis, type Examination } from '../../doctor/index.ts';
import { ownVersion } from '../own-package.ts';

/**
 * Writes the report for a browser; what was there stays until the new one is whole.
 *
 * @throws SystemError where it cannot be written
 */
export function writePage(path: string, examination: Examination, diagnosis: Diagnosis): void {
  const page = doctorPage(pageContent(examination, diagnosis, ownVersion()));
  examination.host.files.writeAtomic(path, encodeUtf8(page), 0o644);
}
