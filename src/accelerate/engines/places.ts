import type { Host } from '../../host/host.ts';
import { systemDirectory } from '../../host/system-directory.ts';
import { standInDirectory } from '../../rootless/index.ts';
import type { AccelerateEngineName } from '../engine-names.ts';

/**
 * Where programs of ours for an engine are. Root's are where programs belong: a directory for variable data may be mounted
 * noexec, and with SELinux its files are no programs to daemons.
 */
export function engineDirectory(
  { system }: Pick<Host, 'system'>,
  state: string,
  engine: AccelerateEngineName,
): string {
  const isRoot = system.uid === 0 && system.isForeignRoot !== true;
  return isRoot ? `${systemDirectory}/accelerate/${engine}` : `${standInDirectory(state)}${engine}`;
}

export function madeBy(engine: AccelerateEngineName): string {
  return `Made by "anyarch accelerate enable ${engine}", removed by "anyarch accelerate disable ${engine}".`;
}
