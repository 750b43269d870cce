import { defineCommand } from '../command.ts';
import { registryOptions } from './registry-options.ts';

const mirrorOptions = {
  mirror: {
    type: 'string',
    value: 'URL',
    help: "Debian mirror; default: ANYARCH_MIRROR, the host's apt configuration, https://ftp.debian.org/debian",
  },
  snapshot: {
    type: 'string',
    value: 'URL',
    help: 'a mirror with a date in its path, for versions that the mirror has no more',
  },
  keyring: {
    type: 'string',
    multiple: true,
    value: 'FILE',
    help: "binary OpenPGP keyring to trust instead of Debian's, for archives such as Ubuntu's",
    complete: 'file',
  },
  'allow-expired': { type: 'boolean', help: 'accept a Release file whose Valid-Until has passed' },
} as const;

export const acceleratePrepare = defineCommand({
  name: 'accelerate prepare',
  summary: "make native tools of a guest's versions, so that emulated builds run at near-native speed",
  description: `Finds out which packages a guest has, takes the native builds of the same versions from Debian (every byte verified), makes the
tool tree of them and tests every program: its outputs must be the emulated program's, and it must have been executed. What Debian
has not in the same version, or what does not pass, stays emulated and is listed with the reason.`,
  positionals: [],
  options: {
    for: {
      type: 'string',
      value: 'ROOTFS|IMAGE',
      help: 'a directory with a root file system, or an image, as for anyarch run',
      complete: 'directory',
    },
    suite: {
      type: 'string',
      value: 'SUITE',
      help: 'the newest versions of this suite, its updates and security fixes',
    },
    arch: {
      type: 'string',
      short: 'a',
      value: 'ARCH',
      help: 'architecture of the guests, or platform of the image',
      complete: 'architecture',
    },
    group: {
      type: 'string',
      multiple: true,
      value: 'GROUP',
      help: 'only these, separated by commas; default: all, of a suite all but clang',
    },
    ...mirrorOptions,
    ...registryOptions,
    'dry-run': { type: 'boolean', help: 'say what would be made, fetch lists of packages only' },
  },
  examples: [
    {
      command: 'anyarch accelerate prepare --suite trixie -a arm64',
      does: 'everything for arm64 guests of Debian 13',
    },
    {
      command: 'anyarch accelerate prepare --for gcc:14-trixie -a arm64 --group c,base',
      does: "what that image's packages need",
    },
  ],
});

export const accelerateList = defineCommand({
  name: 'accelerate list',
  summary: 'list the tool sets, what they serve and how large they are',
  positionals: [],
  options: {},
  examples: [{ command: 'anyarch accelerate list', does: 'every set' }],
});

export const accelerateVerify = defineCommand({
  name: 'accelerate verify',
  summary: 'recompute the digests of the tool tree',
  positionals: [],
  options: {
    repair: { type: 'boolean', help: 'take damaged sets out and make them again' },
    ...mirrorOptions,
  },
  examples: [
    { command: 'anyarch accelerate verify', does: 'read every byte again' },
    { command: 'anyarch accelerate verify --repair', does: 'and replace what is damaged' },
  ],
});

export const accelerateRemove = defineCommand({
  name: 'accelerate remove',
  summary: 'remove tool sets; running programs keep their files',
  positionals: [{ name: 'SET', help: 'sets, groups, or "all"', required: true, variadic: true }],
  options: { 'dry-run': { type: 'boolean', help: 'say what would be removed' } },
  examples: [
    { command: 'anyarch accelerate remove all', does: 'an empty tool tree: everything is emulated' },
  ],
});
