import { shellWord } from '../../core/shell-word.ts';
import { ignoring } from '../../host/system-error.ts';
import type { EngineContext } from '../engine.ts';
import type { Daemon } from './daemons.ts';
import { dropInPath, programDirectory, userUnits } from './service-files.ts';

/** What systemd has to be told. */
export function serviceNotes(
  context: Pick<EngineContext, 'host' | 'state'>,
  action: 'enable' | 'disable',
): readonly string[] {
  const reload = 'systemctl --user daemon-reload';
  if (action === 'disable')
    return hasUnit(context) ? [`systemd still knows the drop-in; next: ${reload}`] : [];
  return hasUnit(context)
    ? [`later starts of docker.service see to it by ${dropInPath(context.host)}; next: ${reload}`]
    : [];
}

/** What will be missing when docker is started the next time. */
export function serviceWarnings(
  context: Pick<EngineContext, 'host' | 'state'>,
  daemons: readonly Daemon[],
): readonly string[] {
  const own = programDirectory(context);
  if (!isExecutable(context, `${own}/dockerd`))
    return [
      `${own}/dockerd is missing, so nothing sees to later starts of docker; next: anyarch rootless enable docker`,
    ];
  if (hasUnit(context)) return [];
  const isSeenTo = ({ searchPath }: Daemon): boolean => searchPath?.split(':').includes(own) === true;
  if (daemons.length > 0 && daemons.every(isSeenTo)) return [];
  return [
    `there is no docker.service of this user: when docker is started by hand the next time, it needs a directory of ours first in PATH: PATH=${shellWord(own)}:$PATH dockerd-rootless.sh`,
  ];
}

/** The one that dockerd-rootless-setuptool.sh writes, or a package. */
function hasUnit({ host }: Pick<EngineContext, 'host'>): boolean {
  return [userUnits(host), '/etc/systemd/user', '/usr/lib/systemd/user'].some(
    (directory) =>
      ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => host.files.status(`${directory}/docker.service`)) !==
      undefined,
  );
}

function isExecutable({ host }: Pick<EngineContext, 'host'>, path: string): boolean {
  return ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => host.files.isExecutable(path)) === true;
}
