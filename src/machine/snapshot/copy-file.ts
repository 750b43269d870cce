import * as fs from 'node:fs';

/** Another name for a file that nothing writes to any more; a copy where the file system has no such links. */
export function linkOrCopy(from: string, to: string): void {
  try {
    fs.linkSync(from, to);
  } catch (error) {
    if (!['EPERM', 'EXDEV', 'EMLINK', 'ENOTSUP'].includes((error as NodeJS.ErrnoException).code ?? ''))
      throw error;
    copyDurably(from, to);
  }
}

/** Shares the blocks where the file system can; on the disk when this returns. */
export function copyDurably(from: string, to: string): void {
  const temporary = `${to}.new`;
  fs.copyFileSync(from, temporary, fs.constants.COPYFILE_FICLONE);
  const descriptor = fs.openSync(temporary, 'r+');
  try {
    fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
  fs.renameSync(temporary, to);
}
