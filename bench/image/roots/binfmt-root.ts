import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { cache } from '../../places.ts';
import type { ImageOptions } from '../options.ts';
import type { PeerRoot } from './image-root.ts';

/** tonistiigi/binfmt: its image has nothing but this program and the emulators. */
export function binfmtRoot({ binfmt }: Pick<ImageOptions, 'binfmt'>): PeerRoot {
  const name = 'tonistiigi/binfmt';
  if (binfmt === undefined) return { name, missing: 'give the path of its program with --binfmt' };
  const directory = join(cache, 'image/binfmt');
  rmSync(directory, { recursive: true, force: true });
  // Without a /tmp it cannot find out what the machine runs natively.
  for (const path of ['usr/bin', 'tmp']) mkdirSync(join(directory, path), { recursive: true });
  copyFileSync(binfmt, join(directory, 'usr/bin/binfmt'));
  return { name, directory };
}
