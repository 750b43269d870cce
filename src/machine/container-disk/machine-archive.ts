import * as fs from 'node:fs';
import { pack, type Pack } from 'tar-stream';
import type { OwnFile } from './own-files.ts';
import { ownDirectory } from './boot-script.ts';

export interface KernelModules {
  /** Directory of the kernel's drivers. */
  readonly tree: string;
  readonly version: string;
  /** Whether /lib is a link to /usr/lib in the image. */
  readonly isMerged: boolean;
}

/** What is laid over an image's root: our directory, and the drivers of the kernel that it is going to have. All of it is root's. */
export async function machineArchive(files: readonly OwnFile[], modules: KernelModules): Promise<Uint8Array> {
  const archive = pack();
  const parts: Uint8Array[] = [];
  const done = (async () => {
    for await (const part of archive) parts.push(part as Uint8Array);
  })();
  for (const name of ['', '/bin', '/lib', '/state']) addDirectory(archive, `${ownDirectory}${name}`);
  for (const { path, mode, content } of files)
    archive.entry({ name: path, mode, mtime }, Buffer.from(content));
  const library = modules.isMerged ? 'usr/lib' : 'lib';
  addDirectory(archive, library);
  addDirectory(archive, `${library}/modules`);
  addTree(archive, modules.tree, `${library}/modules/${modules.version}`);
  archive.finalize();
  await done;
  return Buffer.concat(parts);
}

const mtime = new Date(0);

function addDirectory(archive: Pack, name: string): void {
  archive.entry({ name: `${name}/`, type: 'directory', mode: 0o755, mtime });
}

function addTree(archive: Pack, directory: string, name: string): void {
  addDirectory(archive, name);
  for (const entry of fs.readdirSync(directory, { withFileTypes: true })) {
    const [file, path] = [`${directory}/${entry.name}`, `${name}/${entry.name}`];
    if (entry.isDirectory()) addTree(archive, file, path);
    else if (entry.isFile()) archive.entry({ name: path, mode: 0o644, mtime }, fs.readFileSync(file));
  }
}
