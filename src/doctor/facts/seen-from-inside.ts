import { stateDirectory } from '../../host/state-directory.ts';
import { architectures } from '../../core/architecture.ts';
import { probeArchitectures } from '../../core/probe/probe.ts';
import { withProver } from '../../registration/index.ts';
import { ownNamespace } from '../../table-in-force/index.ts';
import { fact } from '../examination.ts';
import { containerMark } from './container.ts';
import { tableStatus } from './status.ts';

/**
 * That the table of the machine is not this process's to mount, one clause: in a user namespace the first mount makes another table, which
 * is empty and hides the one in force, also after it was unmounted. Undefined on the machine itself.
 */
export const notTheMachine = fact((examination): string | undefined => {
  const own = ownNamespace(examination.host);
  if (own !== undefined) return `this is user namespace ${own.userNamespace}, not the machine's`;
  const mark = containerMark(examination);
  return mark === undefined ? undefined : `this is a container: ${mark}`;
});

/** Whether a table that is mounted here would be another one than the one in force. */
export const isInUserNamespace = fact(({ host }): boolean => ownNamespace(host) !== undefined);

/** QEMU's names of foreign architectures whose programs run, by executing each: entries that cannot be seen are in force. */
export const runningUnseen = fact((examination): readonly string[] => {
  const { host } = examination;
  const { native } = tableStatus(examination);
  const foreign = architectures
    .map(({ name }) => name)
    .filter((name) => probeArchitectures.includes(name) && !native.includes(name));
  const proofs = withProver(host, stateDirectory(host.system), ({ prove }) => prove(foreign));
  return foreign.filter((name) => proofs.get(name)?.status === 'proven');
});
