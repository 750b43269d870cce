import { shellWord } from '../../../core/shell-word.ts';
import { defineCheck } from '../../check.ts';
import { isAskedAbout } from '../../facts/asked-about.ts';
import { diskSpaces, type DiskSpace } from '../../facts/disk-space.ts';
import { shownSize } from '../../size.ts';
import type { Remedy } from '../../verdict.ts';

/** Bytes: one emulator has up to 17 MB (facts of Debian's packages). */
const oneEmulator = 20e6;
/** Files that unpacking a small image makes. */
const fewInodes = 1000;

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
    const full = spaces.filter(isFull);
    const [first] = full;
    if (first === undefined) return { status: 'ok', evidence: spaces.map(shown) };
    const isAsked = isAskedAbout(examination, ['no-space']);
    return {
      status: 'fault',
      severity: isAsked ? 'error' : 'warning',
      certainty: isAsked ? 'proven' : 'likely',
      summary: `${first.freeBytes < oneEmulator ? 'there is no space' : 'there are no inodes'} left for ${first.what}, on ${first.mountPoint ?? first.path}`,
      evidence: full.map(shown),
      remedies: [free(first), prune],
    };
  },
});

function isFull({ freeBytes, freeInodes }: DiskSpace): boolean {
  return freeBytes < oneEmulator || (freeInodes !== undefined && freeInodes < fewInodes);
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
