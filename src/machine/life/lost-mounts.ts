import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import type { Mount, RunningMachine } from '../record.ts';
import type { Machine } from './machine.ts';
import { servedSocket } from './own-programs.ts';
import { processesThatName } from './process.ts';
import { machineSockets } from './sockets.ts';

/**
 * Directories of a running machine whose virtiofsd has ended before QEMU did. The guest waits for ever for what it has asked there:
 * QEMU's vhost-user-fs does not connect a second time, and a new virtiofsd would know nothing of the guest's open files.
 *
 * @returns undefined where all are served
 */
export function lostMounts(
  host: Pick<Host, 'files' | 'system'>,
  { record: { name, mounts } }: Pick<Machine, 'record'>,
  { sockets }: Pick<RunningMachine, 'sockets'>,
): AnyarchError | undefined {
  if (mounts.length === 0) return undefined;
  const served = new Set(
    processesThatName(host, sockets).map(({ command }) => servedSocket(command, sockets)),
  );
  const lost = mounts.filter((_, index) => !served.has(machineSockets(sockets).mount(index)));
  return lost.length === 0 ? undefined : notServed(name, lost);
}

function notServed(name: string, lost: readonly Mount[]): AnyarchError {
  const places = lost.map(({ target }) => target).join(', ');
  return new AnyarchError(
    'ANYARCH_MACHINE_FAILED',
    `${places} of ${name} hangs: virtiofsd, which showed it ${lost.map(({ source }) => source).join(', ')}, has ended`,
    {
      hint: `only a new start brings it back, and what waits for it does not let the guest shut down by itself: anyarch machine stop ${name} --timeout 30, then anyarch machine start ${name}`,
      details: { name, mounts: lost.map(({ target }) => target) },
    },
  );
}
