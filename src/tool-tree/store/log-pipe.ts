import type { Host } from '../../host/host.ts';

/** Everybody may say what was executed; only its owner reads it. A pipe that is there stays: somebody may be reading. */
export function makeLog(
  { files, processes, log }: Pick<Host, 'files' | 'processes' | 'log'>,
  path: string,
): void {
  const status = files.linkStatus(path);
  if (status?.kind === 'other') return;
  if (status !== undefined) files.remove(path);
  const { exitCode, startError, stderr } = processes.run(['mkfifo', '-m', '0622', path]);
  if (exitCode !== 0)
    log.warn(`${path} cannot be made, so nothing will be reported: mkfifo ${startError ?? stderr.trim()}`);
}
