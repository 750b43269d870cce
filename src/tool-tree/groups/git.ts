import { gitLines } from '../self-test/lines/git.ts';
import type { Tool } from '../tool.ts';
import { namesUsers, readsFiles } from './common-rules.ts';

/**
 * Commands that show or take messages and patches, which may be in an encoding other than UTF-8: native programs convert no other (a
 * guest's own converters cannot be loaded into them).
 */
const convertsText = [
  'am', 'blame', 'cherry-pick', 'fast-export', 'fast-import', 'format-patch', 'imap-send', 'log', 'mailinfo', 'merge', 'rebase', 'reflog', 'revert',
  'send-email', 'shortlog', 'show', 'svn', 'whatchanged',
]; // prettier-ignore

/** Programs of git that are one file under many names; transports (git-remote-https) stay emulated. */
export const git: readonly Tool[] = [
  {
    group: 'git',
    name: 'git',
    guest: { package: 'git', path: 'usr/bin/git' },
    listed: 'care',
    reason:
      'objects, packs and the index are defined byte by byte; `--build-options` names the processor. What converts messages between encodings is emulated; ' +
      'a file whose attributes name a working-tree-encoding other than UTF-8 cannot be converted: git says so and fails',
    rules: {
      bail: [...readsFiles, '--build-options', '--encoding', 'i18n.', '-ci18n.'],
      bailarg: convertsText,
      unless: namesUsers,
    },
    selfTest: gitLines['git'] ?? [],
  },
];
