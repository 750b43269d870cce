import { AnyarchError } from '../../core/error.ts';
import type { Machine } from './machine.ts';

/** QEMU holds a guest that it could not write the disk of; nothing of it is lost. */
export function diskStopped(
  { record: { name }, places }: Pick<Machine, 'record' | 'places'>,
  by: 'no-space' | 'disk-error',
): AnyarchError {
  const { directory } = places;
  const remedy = `anyarch machine start ${name} lets it go on where it was; anyarch machine stop ${name} --force ends it as by pulling the plug`;
  return by === 'no-space'
    ? new AnyarchError(
        'ANYARCH_DISK_FULL',
        `${name} stands still: there is no space left on this host for what it writes to its disk`,
        {
          hint: `make room where ${directory} is; then ${remedy}`,
          details: { name, reason: by, path: directory },
        },
      )
    : new AnyarchError(
        'ANYARCH_MACHINE_FAILED',
        `${name} stands still: QEMU could not write to its disk (input/output error)`,
        {
          hint: `see what the kernel says of the file system that ${directory} is on; then ${remedy}`,
          details: { name, reason: by, path: directory },
        },
      );
}
