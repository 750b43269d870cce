import { decodeUtf8 } from '../../../core/text.ts';
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

/** Whether a program of docker's name is podman: a link to it, or the script of the package podman-docker. */
export function isPodman({ files }: Pick<Host, 'files'>, path: string): boolean {
  try {
    const file = files.resolve(path);
    if (/\/podman(-remote)?$/.test(file)) return true;
    const text = decodeUtf8(files.readAt(file, 0, 4096));
    return text.startsWith('#!') && /^\s*exec\s+\S*\bpodman\b/m.test(text);
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}

function isExecutable(files: Host['files'], path: string): boolean {
  try {
    return files.isExecutable(path);
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}
