import type { Host } from '../../../host/host.ts';
import { SystemError } from '../../../host/system-error.ts';
import type { EngineName } from './engine-name.ts';

/** The first program of an engine's name in PATH; singularity is apptainer's old name. */
export function findEngineProgram(
  { files, system }: Pick<Host, 'files' | 'system'>,
  name: EngineName,
): string | undefined {
  const directories = (system.environment['PATH'] ?? '').split(':').filter((one) => one.startsWith('/'));
  const names = name === 'apptainer' ? ['apptainer', 'singularity'] : [name];
  return names
    .flatMap((one) => directories.map((directory) => `${directory}/${one}`))
    .find((path) => isExecutable(files, path));
}

function isExecutable(files: Host['files'], path: string): boolean {
  try {
    return files.isExecutable(path);
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}
