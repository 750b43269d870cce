import type { Host } from '../../host/host.ts';
import { shellProgram } from '../places.ts';
import type { InitName } from './init-name.ts';
import { runlevelLinks } from './openrc.ts';
import { runitCallers } from './runit.ts';
import { ownUnit, ownUnitLink } from './systemd.ts';

type Parts = Pick<Host, 'files'>;

/** Whether an init calls our shell program at boot: by a unit, service or script that is there and switched on. */
export function callsShellProgram({ files }: Parts, init: InitName): boolean {
  const isFile = (path: string) => files.status(path)?.kind === 'file';
  if (!isFile(shellProgram)) return false;
  switch (init) {
    case 'systemd':
      return isFile(ownUnit) && isFile(ownUnitLink);
    case 'openrc':
      return runlevelLinks.some(isFile);
    case 'runit':
      return runitCallers.some(isFile);
    case 'debian':
      return false;
  }
}
