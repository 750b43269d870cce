import { decodeUtf8 } from '../../../core/text.ts';
import type { Files } from '../../../host/files.ts';
import { ignoring } from '../../../host/system-error.ts';

/** The images that the stages of a Dockerfile start from, without those that a variable names. */
export function baseImages(files: Pick<Files, 'read'>, file: string | undefined): string[] {
  const bytes =
    file === undefined ? undefined : ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => files.read(file));
  return bytes === undefined ? [] : imagesIn(decodeUtf8(bytes));
}

export function imagesIn(dockerfile: string): string[] {
  const stages = new Set<string>();
  const images = new Set<string>();
  const lines = dockerfile.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  for (const line of lines) {
    const [, image = '', stage] = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/i.exec(line) ?? [];
    if (image !== '' && image !== 'scratch' && !image.includes('$') && !stages.has(image.toLowerCase()))
      images.add(image);
    if (stage !== undefined) stages.add(stage.toLowerCase());
  }
  return [...images];
}
