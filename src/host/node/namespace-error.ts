import { AnyarchError } from '../../core/error.ts';

/**
 * The error for a process whose namespaces cannot be opened or entered.
 *
 * @param call what failed
 */
export function namespaceError(pid: number, errno: string, call: string): AnyarchError {
  const details = { pid, errno, call };
  if (errno === 'ENOENT' || errno === 'ESRCH')
    return new AnyarchError('ANYARCH_PROCESS_NOT_FOUND', `there is no process ${pid}`, {
      hint: 'ps -e -o pid,user,args',
      details,
    });
  if (errno === 'EACCES' || errno === 'EPERM')
    return new AnyarchError(
      'ANYARCH_PERMISSION',
      `this user may not enter the namespaces of process ${pid} (${call}: ${errno})`,
      { hint: 'run it as the user whose process it is, or as root', details },
    );
  return new AnyarchError(
    'ANYARCH_NAMESPACE',
    `the namespaces of process ${pid} cannot be entered: ${call} failed with ${errno}`,
    { details },
  );
}
