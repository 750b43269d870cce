import { shellWord } from '../../core/shell-word.ts';
import { ignoring } from '../../host/system-error.ts';
import type { EngineContext } from '../engine.ts';
import { clientWarnings } from './client-warnings.ts';
import { runningDaemons } from './daemons.ts';
import type { Daemon } from './daemons.ts';
import { dropInPath, programDirectory, userUnits } from './service-files.ts';

/** What systemd has to be told; and how it is done where docker is started by hand. */
export function serviceNotes(
  context: Pick<EngineContext, 'host' | 'state'>,
  action: 'enable' | 'disable',
): readonly string[] {
  const reload = 'systemctl --user daemon-reload';
  if (action === 'disable')
    return hasUnit(context) ? [`systemd still knows the drop-in; next: ${reload}`] : [];
  const service = hasUnit(context)
    ? [`later starts of docker.service see to it by ${dropInPath(context.host)}; next: ${reload}`]
    : [
        `there is no docker.service of this user; where dockerd-rootless.sh is started by hand: PATH=${shellWord(programDirectory(context))}:$PATH dockerd-rootless.sh`,
      ];
  return [...service, ...clientWarnings(context.host, runningDaemons(context.host))];
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
  if (daemons.length === 0 || hasUnit(context)) return [];
  return [
    `docker was not started by a docker.service of this user: at its next start it needs ${own} first in PATH`,
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
