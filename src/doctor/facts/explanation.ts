import { isElf } from '../../core/elf-header.ts';
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

function programOfMessage(examination: Examination): string | undefined {
  const { host, message, scope, image, root } = examination;
  const program = message?.program;
  if (program === undefined || scope !== undefined || image !== undefined) return undefined;
  const named = program.startsWith('/') ? program : besideUs(examination, program);
  if (named === undefined || ofTheKernel.test(named)) return undefined;
  const path = ignoring(unreadable, () => followInside(host.files, root, named));
  return path !== undefined && isProgram(host, path) ? path : undefined;
}

/** Tools of this machine, which print names as they were typed: what others name is in a container or on a server. */
const typing = [
  'bash',
  'dash',
  'busybox',
  'zsh',
  'fish',
  'make',
  'coreutils',
  'sudo',
  'qemu',
  'ld.so',
  undefined,
];

/** A relative name with a directory, `./hello`: a shell looks for those without one in the PATH. */
function besideUs({ host, message, root }: Examination, program: string): string | undefined {
  if (root !== '/' || !program.includes('/') || !typing.includes(message?.tool)) return undefined;
  const directory = ignoring(unreadable, () => host.files.readLink('/proc/self/cwd'));
  return directory === undefined ? undefined : `${directory}/${program}`;
}

/** No files, whatever their modes say. */
const ofTheKernel = /^\/(?:proc|sys|dev)(?:\/|$)/;

/** Shells print the same words for a file that they could not write to: `bash: /etc/passwd: Permission denied`. */
function isProgram({ files }: Examination['host'], path: string): boolean {
  const status = ignoring(unreadable, () => files.status(path));
  if (status?.kind !== 'file') return false;
  if ((status.mode & 0o111) !== 0) return true;
  const start = ignoring(unreadable, () => files.readAt(path, 0, 4));
  return start !== undefined && (isElf(start) || (start[0] === 0x23 && start[1] === 0x21));
}

const unreadable = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'ELOOP', 'ENAMETOOLONG', 'EINVAL', 'EIO'];
