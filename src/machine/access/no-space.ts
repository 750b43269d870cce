import { AnyarchError } from '../../core/error.ts';
import type { Reached } from './ssh-command.ts';

/** What programs, of the C locale, and system calls say of a disk or a quota that is used up; tar, of the last that fitted in part. */
const noSpace =
  /No space left on device|: Wrote only \d+ of \d+ bytes|Disk quota exceeded|\bENOSPC\b|\bEDQUOT\b/;

export function saysNoSpace(message: string): boolean {
  return noSpace.test(message);
}

/** @param path of the host, where nothing of the copy is left */
export function hostFull(path: string, message: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_DISK_FULL',
    `no space is left for all of ${path}; what arrived was removed`,
    {
      hint: `see what there is: df -h ${path.replace(/\/[^/]*$/, '') || '/'}; a guest can send as much as it likes, so look at how much it is first: du -sh there`,
      details: { path, message },
    },
  );
}

export function guestFull({ record: { name } }: Pick<Reached, 'record'>, message: string): AnyarchError {
  return new AnyarchError('ANYARCH_DISK_FULL', `${name} has no space left: ${message}`, {
    hint: `its disk can grow, also while it runs: anyarch machine resize ${name} 20G`,
    details: { name, message },
  });
}
