import { resolve } from 'node:path';
import type { Host } from '../host/host.ts';
import type { Surroundings } from './image-name.ts';

/** @param directory what relative paths are relative to */
export function surroundingsOf({ files }: Pick<Host, 'files'>, directory: string): Surroundings {
  return {
    absolute: (path) => resolve(directory, path),
    isImagePath: (text) => {
      const path = resolve(directory, text);
      if (files.status(`${path}/oci-layout`)?.kind === 'file') return true;
      return /\.(tar|tgz|tar\.gz)$/.test(path) && files.status(path)?.kind === 'file';
    },
  };
}
