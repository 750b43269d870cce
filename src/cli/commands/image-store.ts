import { defineCommand } from '../command.ts';

const images = {
  name: 'IMAGE',
  help: 'references as they were given to "anyarch run --image", or beginnings of digests',
  variadic: true,
} as const;

export const imageList = defineCommand({
  name: 'image list',
  summary: 'list the images that are unpacked for "anyarch run --image"',
  positionals: [],
  options: {},
  examples: [{ command: 'anyarch image list', does: 'references, platforms, sizes, last use' }],
});

export const imageVerify = defineCommand({
  name: 'image verify',
  summary: 'compare unpacked images, every byte, with what was unpacked',
  description: `Reads the trees of unpacked images and compares kinds, modes, owners, sizes, contents, link targets and extended attributes
with the listing that was written while they were unpacked. Ends with 1 when anything differs, with 3 when that is so for some of
several images.`,
  positionals: [images],
  options: {},
  examples: [{ command: 'anyarch image verify', does: 'every unpacked image' }],
});

export const imageRemove = defineCommand({
  name: 'image remove',
  summary: 'remove unpacked images',
  description: `Removes unpacked images, files of subordinate ids included. An image that is called otherwise too loses the name only; one
that a running command uses stays.`,
  positionals: [{ ...images, required: true }],
  options: { 'dry-run': { type: 'boolean', help: 'show what would go, change nothing' } },
  examples: [{ command: 'anyarch image remove localhost:5000/team/image:tag', does: 'one image' }],
});

export const imagePrune = defineCommand({
  name: 'image prune',
  summary: 'remove unpacked images that have not been used for a while',
  description: `Removes unpacked images that nobody uses now and nobody has used for so many days, and what killed commands left. They are
unpacked again when they are needed.`,
  positionals: [],
  options: {
    'older-than': { type: 'string', value: 'DAYS', help: 'days since the last use; default: 30, 0 for all' },
    'dry-run': { type: 'boolean', help: 'show what would go, change nothing' },
  },
  examples: [{ command: 'anyarch image prune --older-than 7', does: 'what was not used for a week' }],
});
