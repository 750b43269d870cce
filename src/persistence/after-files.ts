import type { Host } from '../host/host.ts';
import type { FileAction } from '../installed-files/index.ts';
import type { Surroundings } from './configuration.ts';

/** Tells a running systemd about its units; what it answers is for people. */
export function tellInit(
  { files, processes }: Pick<Host, 'files' | 'processes'>,
  { init, systemd }: Surroundings,
  actions: readonly FileAction[],
): string[] {
  if (init !== 'systemd' || files.status('/run/systemd/system') === undefined) return [];
  const isChanged = actions.some(
    ({ kind, path }) => kind !== 'keep' && path.startsWith('/etc/systemd/system/'),
  );
  if (!isChanged) return [];
  const run = (words: readonly string[]): string[] => {
    const { exitCode, stderr, startError } = processes.run(['systemctl', ...words]);
    if (exitCode === 0) return [];
    const reason = startError ?? stderr.trim();
    return [`systemctl ${words.join(' ')} failed (${reason}): run it yourself, or reboot`];
  };
  const notes = run(['daemon-reload']);
  // So that it is stopped at shutdown, which lets go of the files that entries pin.
  const isStarted = !systemd.hasBinfmt && actions.some(({ kind }) => kind === 'create');
  return [...notes, ...(isStarted ? run(['--no-block', 'start', 'anyarch-binfmt.service']) : [])];
}
