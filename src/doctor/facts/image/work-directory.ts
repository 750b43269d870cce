import type { Host } from '../../../host/host.ts';

/** A new directory that only this user enters, to be removed by whoever asks for it. */
export function makeWorkDirectory({
  files,
  system,
  clock,
}: Pick<Host, 'files' | 'system' | 'clock'>): string {
  const { TMPDIR: base = '/tmp' } = system.environment;
  const path = `${base.startsWith('/') ? base : '/tmp'}/anyarch-doctor-${system.pid}-${Math.round(clock.now())}`;
  files.makeDirectory(path, 0o700);
  return path;
}
