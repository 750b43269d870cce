import { readdirSync, readlinkSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { diskTool } from './tools.ts';

const mebibyte = 1024 * 1024;

/** `btrfs` has the system in a subvolume `@`, as installers make it. */
export type FileSystem = 'btrfs' | 'ext4' | 'xfs';

/** Bytes that the tools want at least; nearly all of it is a hole. */
const sizes: Readonly<Record<FileSystem, number>> = {
  btrfs: 128 * mebibyte,
  ext4: 32 * mebibyte,
  xfs: 300 * mebibyte,
};

/** Makes a file system in a new file, with the content of a directory, all of it root's: without root and without mounting. */
export async function makeFileSystem(kind: FileSystem, root: string, file: string): Promise<void> {
  writeFileSync(file, '');
  truncateSync(file, sizes[kind]);
  if (kind === 'ext4')
    await diskTool('mke2fs', ['-q', '-F', '-t', 'ext4', '-E', 'root_owner=0:0', '-d', root, file]);
  if (kind === 'btrfs') await diskTool('mkfs.btrfs', ['-q', '--rootdir', root, '--subvol', '@', file]);
  if (kind === 'xfs') {
    const prototype = `${file}.prototype`;
    writeFileSync(prototype, ['/dev/null', '0 0', 'd--755 0 0', ...prototypeLines(root), '$', ''].join('\n'));
    await diskTool('mkfs.xfs', ['-q', '-f', '-p', prototype, file]);
    rmSync(prototype);
  }
}

/** As mkfs.xfs(8) describes them. */
function prototypeLines(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isSymbolicLink()) return [`${entry.name} l--777 0 0 ${readlinkSync(path)}`];
    const mode = (statSync(path).mode & 0o777).toString(8).padStart(3, '0');
    if (entry.isDirectory()) return [`${entry.name} d--${mode} 0 0`, ...prototypeLines(path), '$'];
    return [`${entry.name} ---${mode} 0 0 ${path}`];
  });
}
