import { closeSync, ftruncateSync, openSync } from 'node:fs';
import { succeed } from '../command.ts';

export interface Ext4Options {
  readonly file: string;
  readonly megabytes: number;
  /** By which the machine finds it. */
  readonly label: string;
  /** A directory that becomes the content; default: empty. */
  readonly from?: string;
}

/** A disk with an ext4 file system and no partitions, as a sparse file; nothing is mounted for it. */
export async function makeExt4({ file, megabytes, label, from }: Ext4Options): Promise<void> {
  const descriptor = openSync(file, 'w');
  ftruncateSync(descriptor, megabytes * 1024 * 1024);
  closeSync(descriptor);
  const content = from === undefined ? [] : ['-d', from];
  await succeed(['mke2fs', '-q', '-F', '-t', 'ext4', '-L', label, '-E', 'root_owner=0:0', ...content, file]);
}
