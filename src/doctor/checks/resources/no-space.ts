import { shellWord } from '../../../core/shell-word.ts';
import { defineCheck } from '../../check.ts';
import { isAskedAbout } from '../../facts/asked-about.ts';
import { diskSpaces, type DiskSpace } from '../../facts/disk-space.ts';
import { shownSize } from '../../size.ts';
import type { Remedy } from '../../verdict.ts';

interface Need {
  readonly bytes: number;
  readonly inodes: number;
}

/** One emulator, of up to 17 MB in Debian's packages; the files of a small image. */
const needed: Need = { bytes: 20e6, inodes: 1000 };
/** Small file systems are nothing to warn of before they are full. */
const nearlyNothing: Need = { bytes: 1e6, inodes: 100 };

export const noSpace = defineCheck({
  id: 'no-space',
  question: 'Is there space on the disks?',
  severity: 'error',
  explanation:
    'Emulators, images and their layers need space, and a file system can also be out of inodes while df shows free bytes. Tools then leave half of what they unpack behind, and the next error speaks of something else: a program that is truncated, an image that is not there.',
  remedy: 'anyarch image prune, docker system prune, podman system prune, or a larger file system',
  symptoms: ['no-space'],
  references: ['https://man7.org/linux/man-pages/man1/df.1.html'],
  examine: (examination) => {
    const spaces = diskSpaces(examination);
    if (spaces.length === 0) return { status: 'unknown', reason: 'stat does not tell how much is free' };
    const isAsked = isAskedAbout(examination, ['no-space']);
    const need = isAsked ? needed : nearlyNothing;
    const full = spaces.filter((space) => lacksBytes(space, need) || lacksInodes(space, need));
    const [first] = full;
    if (first === undefined) return { status: 'ok', evidence: spaces.map(shown) };
    return {
      status: 'fault',
      severity: isAsked ? 'error' : 'warning',
      certainty: isAsked ? 'proven' : 'likely',
      summary: `${lacksBytes(first, need) ? 'there is no space' : 'there are no inodes'} left for ${first.what}, on ${first.mountPoint ?? first.path}`,
      evidence: full.map(shown),
      remedies: [free(first), prune],
    };
  },
});

function lacksBytes({ freeBytes }: DiskSpace, { bytes }: Need): boolean {
  return freeBytes < bytes;
}

function lacksInodes({ freeInodes }: DiskSpace, { inodes }: Need): boolean {
  return freeInodes !== undefined && freeInodes < inodes;
}

function shown({ what, path, freeBytes, freeInodes }: DiskSpace): string {
  const inodes = freeInodes === undefined ? '' : `, ${freeInodes} inodes`;
  return `${path} (${what}): ${shownSize(freeBytes)}${inodes} free`;
}

function free({ mountPoint, path }: DiskSpace): Remedy {
  return {
    does: `free space on ${mountPoint ?? path}; du -x -d 2 ${shellWord(mountPoint ?? path)} shows where it went`,
    by: 'user',
  };
}

const prune: Remedy = {
  does: 'remove images that anyarch unpacked and nobody has used lately',
  command: ['anyarch', 'image', 'prune'],
  by: 'user',
};
