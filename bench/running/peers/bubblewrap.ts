import type { Peer } from '../../contender.ts';
import { findProgram, runProgram } from '../../programs.ts';
import type { Stage } from '../stage.ts';

/** The namespaces that anyarch makes, but with the host's table. */
export function bubblewrap({ root, unregistered }: Stage): Peer {
  const name = 'bwrap';
  const program = findProgram(name);
  if (program === undefined) return { name, missing: 'no such program' };
  if (unregistered !== undefined) return { name, missing: unregistered };
  const namespaces = ['--unshare-user', '--unshare-pid', '--uid', '0', '--gid', '0'];
  const command = [
    program,
    ...namespaces,
    '--bind',
    root,
    '/',
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--',
    '/bin/true',
  ];
  return {
    name,
    run: () => {
      runProgram(command);
      return undefined;
    },
  };
}
