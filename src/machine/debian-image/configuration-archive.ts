import { pack } from 'tar-stream';
import type { ImageFile } from './configuration.ts';

/** A tar of files that belong to root. Directories are not in it: those that are there keep their modes. */
export async function filesArchive(files: readonly ImageFile[]): Promise<Uint8Array> {
  const archive = pack();
  const parts: Uint8Array[] = [];
  const done = (async () => {
    for await (const part of archive) parts.push(part as Uint8Array);
  })();
  const mtime = new Date(0);
  for (const file of files)
    if ('link' in file)
      archive.entry({ name: file.path, type: 'symlink', linkname: file.link, mode: 0o777, mtime });
    else archive.entry({ name: file.path, mode: file.mode ?? 0o644, mtime }, file.text);
  archive.finalize();
  await done;
  return Buffer.concat(parts);
}
