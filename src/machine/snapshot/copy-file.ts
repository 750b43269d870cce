import { linkSync, renameSync } from 'node:fs';
import type { Files } from '../../host/files.ts';
import { systemCall } from '../../host/node/system-call.ts';
import { SystemError } from '../../host/system-error.ts';
import { copySparse } from '../life/copy-sparse.ts';

/** Another name for a file that nothing writes to any more; a copy where the file system has no such links. */
export function linkOrCopy(from: string, to: string): void {
  try {
    systemCall('link', to, () => {
      linkSync(from, to);
    });
  } catch (error) {
    const isWithout =
      error instanceof SystemError && ['EPERM', 'EXDEV', 'EMLINK', 'ENOTSUP'].includes(error.errno);
    if (!isWithout) throw error;
    copySparse(from, to);
  }
}

/** In the place of what is there, at once. */
export function copyOver({ remove }: Pick<Files, 'remove'>, from: string, to: string): void {
  const temporary = `${to}.new`;
  remove(temporary);
  copySparse(from, temporary);
  systemCall('rename', to, () => {
    renameSync(temporary, to);
  });
}
