import type { Host } from '../../host/host.ts';
import { SystemError } from '../../host/system-error.ts';

/** Whether something is there, as far as this user can see: a doctor looks at what there is. */
export function pathExists({ files }: Pick<Host, 'files'>, path: string): boolean {
  try {
    return files.status(path) !== undefined;
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}
