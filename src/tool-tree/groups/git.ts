import { gitLines } from '../self-test/lines/git.ts';
import type { Tool } from '../tool.ts';
import { namesUsers, readingFiles } from './common-rules.ts';

/**
 * Subcommands that work on objects and packs as they are. All others may convert text by attributes (`working-tree-encoding`), by the configuration
 * (`i18n.*`) or by what objects hold (the encoding of commits), for which native programs have no converters: the guest's are libraries of its own.
 * They would write other bytes, some without a message. Options before the subcommand (`-c`, `-C`) are emulated, too.
 */
const neverConvert = ['index-pack', 'unpack-objects', 'pack-objects', 'prune-packed', 'pack-refs', 'show-index', 'verify-pack', 'multi-pack-index', 'repack', 'gc', 'prune', 'commit-graph', 'count-objects']; // prettier-ignore

/** One file under many names; transports (git-remote-https) stay emulated. */
export const git: readonly Tool[] = [
  {
    group: 'git',
    name: 'git',
    guest: { package: 'git', path: 'usr/bin/git' },
    listed: 'care',
    reason: `packs are defined byte by byte: ${neverConvert.join(', ')}. Every other subcommand may convert text between encodings, which native programs cannot, and is emulated`,
    rules: readingFiles({ first: neverConvert, ...namesUsers }),
    selfTest: gitLines['git'] ?? [],
  },
];
