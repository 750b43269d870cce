import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';

export type ServiceInit = 'systemd' | 'openrc' | 'runit';

export interface FoundInit {
  readonly init: ServiceInit;
  /** Whether it is at work, so that a service can be started now. */
  readonly isRunning: boolean;
  /** With runit: the directory that runsvdir(8) looks at. */
  readonly services: string | undefined;
  /** With runit: where it has a directory for what ends with the boot. */
  readonly hasRunDirectory: boolean;
}

type Parts = Pick<Host, 'files'>;

/** Where runsvdir(8) finds services: Void's and Artix', Debian's, and runit's own default. */
const runitDirectories = ['/etc/runit/runsvdir/default', '/etc/service', '/var/service', '/service'];

/**
 * Which init starts services here: the one that is at work, else the one that is installed.
 *
 * @param wanted by name, whatever is found
 * @throws AnyarchError ANYARCH_HOST_UNSUPPORTED where there is none that we know
 */
export function findInit(host: Parts, wanted?: ServiceInit): FoundInit {
  const exists = (path: string): boolean => host.files.status(path) !== undefined;
  const services = runitDirectories.find(exists);
  // sd_booted(3); `openrc-run` and `rc-status` look at the second; runit's first process is called so.
  const running: Readonly<Record<ServiceInit, boolean>> = {
    systemd: exists('/run/systemd/system'),
    openrc: exists('/run/openrc/softlevel'),
    runit: exists('/run/runit') || exists('/etc/runit/stopit'),
  };
  const installed: Readonly<Record<ServiceInit, boolean>> = {
    systemd: exists('/usr/lib/systemd/systemd') || exists('/lib/systemd/systemd'),
    openrc: exists('/sbin/openrc-run') || exists('/usr/bin/openrc-run'),
    runit: services !== undefined,
  };
  const inits: readonly ServiceInit[] = ['systemd', 'openrc', 'runit'];
  const init = wanted ?? inits.find((one) => running[one]) ?? inits.find((one) => installed[one]);
  if (init === undefined || (init === 'runit' && services === undefined))
    throw new AnyarchError('ANYARCH_HOST_UNSUPPORTED', 'there is no init here that could start a service', {
      hint: 'run it yourself: sudo anyarch watch; or in a container: docker run -d --restart always --privileged anyarch watch',
    });
  const hasRunDirectory = host.files.status('/run/runit')?.kind === 'directory';
  return { init, isRunning: running[init], services, hasRunDirectory };
}
