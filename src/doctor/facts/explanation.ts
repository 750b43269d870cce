import { followInside } from '../../host/follow-inside.ts';
import { ignoring } from '../../host/system-error.ts';
import { explainFile, type Explanation } from '../../registration/index.ts';
import { fact, type Examination } from '../examination.ts';
import { requireAnswer } from './mount-state.ts';

/**
 * What execve would do with the file that was asked about: the one that was named, or one that the message names, where it is here and
 * does not run natively. Undefined where there is none.
 */
export const fileExplanation = fact((examination): Explanation | undefined => {
  const { file, root } = examination;
  if (file !== undefined) return explained(examination, file);
  const named = programOfMessage(examination);
  if (named === undefined) return undefined;
  const explanation = explained(examination, named);
  // What a container printed is about a file of the container's, and one of the same name is here.
  return root === '/' && explanation.verdict.outcome === 'native' ? undefined : explanation;
});

function explained(examination: Examination, path: string): Explanation {
  requireAnswer(examination);
  return explainFile(examination.host, path, { root: examination.root });
}

function programOfMessage({ host: { files }, message, scope, image, root }: Examination): string | undefined {
  const program = message?.program;
  if (program?.startsWith('/') !== true || scope !== undefined || image !== undefined) return undefined;
  const path = ignoring(unreadable, () => followInside(files, root, program));
  return path !== undefined && ignoring(unreadable, () => files.status(path))?.kind === 'file'
    ? path
    : undefined;
}

const unreadable = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG'];
