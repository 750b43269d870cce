import type { Files } from '../../host/files.ts';
import { absolutePath } from '../../core/absolute-path.ts';

const transports = /^(docker:\/\/|oci-archive:|docker-archive:|containers-storage:|docker-daemon:)/;

/** Whether `--image` means a container image, and not a disk. */
export function isContainerReference(text: string): boolean {
  return text.startsWith('oci:') || transports.test(text);
}

/**
 * `oci:REF` is any image: that of a layout where there is one of that name, else what `anyarch run --image REF` takes.
 *
 * @param directory what relative paths are relative to
 */
export function containerReference(text: string, files: Pick<Files, 'status'>, directory: string): string {
  if (!text.startsWith('oci:')) return text;
  const rest = text.slice('oci:'.length);
  const path = absolutePath(rest.split(':')[0] ?? '', directory);
  return files.status(`${path}/oci-layout`)?.kind === 'file' ? text : rest;
}
