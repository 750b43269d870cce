import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';

/** Containers may read and execute it, all of them: no categories. */
const type = 'container_file_t';
const level = 's0';

/** Where SELinux is on, containers read nothing of the host's that is not labelled for them. Elsewhere nothing is done. */
export function labelForContainers(
  { files, processes, log }: Pick<Host, 'files' | 'processes' | 'log'>,
  directory: string,
): void {
  const isOn =
    ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => files.read('/sys/fs/selinux/enforce')) !== undefined;
  if (!isOn) return;
  const { exitCode, startError, stderr } = processes.run(
    ['chcon', '-R', '-t', type, '-l', level, directory],
    {
      environment: { LC_ALL: 'C' },
    },
  );
  if (exitCode !== 0)
    log.warn(
      `${directory} cannot be labelled ${type}, so containers may not use it: chcon ${startError ?? stderr.trim()}`,
    );
}
