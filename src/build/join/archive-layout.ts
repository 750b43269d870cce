import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { pack } from 'tar-stream';
import { layoutFiles } from '../../core/oci/layout.ts';

/** Writes a layout as one file, `oci-layout` first, the same bytes for the same layout. */
export async function archiveLayout(
  directory: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<void> {
  const archive = pack();
  const names = (await readdir(join(directory, layoutFiles.blobs))).sort();
  const members = [
    layoutFiles.marker,
    layoutFiles.index,
    ...names.map((name) => `${layoutFiles.blobs}/${name}`),
  ];
  const writing = pipeline(archive, createWriteStream(path), signal === undefined ? {} : { signal });
  for (const name of members) {
    const file = join(directory, name);
    const { size } = await stat(file);
    const entry = archive.entry({ name, size, mode: 0o644, mtime: new Date(0) });
    await pipeline(createReadStream(file), entry);
  }
  archive.finalize();
  await writing;
}
