import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import type { SystemdFacts } from './systemd.ts';

type Parts = Pick<Host, 'files'>;

const programs = ['/usr/lib/systemd/systemd-binfmt', '/lib/systemd/systemd-binfmt'];
/** systemd.unit(5), the strongest first. */
const unitDirectories = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
  '/lib/systemd/system',
];

/** @param mounts see `SystemdFacts` */
export function systemdFacts(host: Parts, mounts: readonly string[]): SystemdFacts {
  const unit = unitText(host, 'systemd-binfmt.service');
  const hasProgram = programs.some((path) => host.files.status(path) !== undefined);
  return {
    hasBinfmt: hasProgram && unit !== undefined && unit !== '',
    unregisters: unit?.includes('--unregister') === true,
    mounts,
  };
}

/** Empty when it is masked: a link to /dev/null, or an empty file. */
export function unitText({ files }: Parts, name: string): string | undefined {
  for (const directory of unitDirectories) {
    const path = `${directory}/${name}`;
    if (ignoring(['ENOENT', 'ENOTDIR', 'EINVAL', 'EACCES'], () => files.readLink(path)) === '/dev/null')
      return '';
    const status = ignoring(['EACCES', 'ELOOP'], () => files.status(path));
    if (status === undefined) continue;
    return status.kind === 'file' ? decodeUtf8(files.read(path)) : '';
  }
  return undefined;
}
