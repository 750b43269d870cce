import type { Host } from '../../../host/host.ts';
import { SystemError } from '../../../host/system-error.ts';
import type { Examination } from '../../examination.ts';
import { fact } from '../../examination.ts';

const setuidOrSetgid = 0o6000;

/** sudo and su name themselves. */
const naming = /\bis (\/\S+) on a file system with the '?nosuid'? option/;

/** The setuid program that it is about: the file that was given, or one that is here and that the message names. */
export const setuidProgram = fact(({ host, file, message, root, scope, image }: Examination) => {
  if (file !== undefined) return file;
  const named = naming.exec(message?.text ?? '')?.[1];
  const isHere = root === '/' && scope === undefined && image === undefined;
  return named !== undefined && isHere && (modeOf(host, named) & setuidOrSetgid) !== 0 ? named : undefined;
});

/** Why it matters whether setuid programs gain rights; undefined where nobody asked. */
export const askedForSetuid = fact(({ host, file, message }: Examination): string | undefined => {
  if (message?.symptoms.includes('setuid-without-effect') === true) return 'the message says so';
  const mode = file === undefined ? 0 : modeOf(host, file);
  return (mode & setuidOrSetgid) === 0 || file === undefined
    ? undefined
    : `${file} is a setuid program (mode ${mode.toString(8)})`;
});

/** 0 where it is not there, or not to be seen. */
function modeOf({ files }: Pick<Host, 'files'>, path: string): number {
  try {
    return files.status(path)?.mode ?? 0;
  } catch (error) {
    if (error instanceof SystemError) return 0;
    throw error;
  }
}
