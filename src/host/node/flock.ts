import { LOCK_EX, LOCK_NB, LOCK_SH } from '../../core/launcher/constants.ts';
import type { Program } from '../../core/launcher/program.ts';
import { AnyarchError } from '../../core/error.ts';
import { SystemError } from '../system-error.ts';
import type { Launchers } from './launchers.ts';
import { errnoName } from './system-call.ts';

/**
 * flock(2) without waiting: false while another one's lock is in the way. The lock belongs to the open file, and so goes
 * with the last process that has it open.
 *
 * @throws SystemError ENOSYS where this host has no launcher
 */
export type Flock = (descriptor: number, kind: 'exclusive' | 'shared') => boolean;

/** What launchers get an open file as. */
const inherited = 4;

const programs: Readonly<Record<Parameters<Flock>[1], Program>> = {
  exclusive: { steps: [{ call: 'flock', arguments: [inherited, LOCK_EX | LOCK_NB] }] },
  shared: { steps: [{ call: 'flock', arguments: [inherited, LOCK_SH | LOCK_NB] }] },
};

/** Node has no flock(2). A launcher makes the call for a file that both have open: ours keeps the lock when it ends. */
export function nodeFlock(launchers: Pick<Launchers, 'launch'>): Flock {
  return (descriptor, kind) => {
    const { failures, exitCode, signal } = launch(launchers, programs[kind], descriptor);
    const errno = failures[0] === undefined ? undefined : errnoName(failures[0].errno);
    if (errno === 'EAGAIN') return false;
    if (errno !== undefined) throw new SystemError(errno, 'flock', undefined);
    if (exitCode !== 0)
      throw new SystemError('EIO', `flock (${signal ?? `exit code ${exitCode ?? ''}`})`, undefined);
    return true;
  };
}

function launch(launchers: Pick<Launchers, 'launch'>, program: Program, inherit: number) {
  try {
    return launchers.launch(program, [], 10_000, { inherit });
  } catch (error) {
    // No launcher for this machine, or no directory to start one from.
    if (error instanceof AnyarchError) throw new SystemError('ENOSYS', 'flock', undefined, { cause: error });
    throw error;
  }
}
