import { explainFile } from '../../registration/index.ts';
import { fact } from '../examination.ts';

/** What execve would do with the file that was asked about; undefined where none was. */
export const fileExplanation = fact(({ host, file, root }) =>
  file === undefined ? undefined : explainFile(host, file, { root }),
);
