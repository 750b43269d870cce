import type { Tool } from '../tool.ts';
import { coreutilsLines } from '../self-test/lines/coreutils.ts';
import { namesUsers, readingFiles } from './common-rules.ts';
import { sortBail } from './sort-options.ts';

/** Programs of coreutils, by what their output depends on. Those that are missing are in `denied` or not worth it. */
const bytesOnly = [
  'b2sum', 'base32', 'base64', 'cat', 'comm', 'csplit', 'cut', 'dd', 'expand', 'fmt', 'fold', 'head', 'join', 'md5sum',
  'nl', 'paste', 'ptx', 'sha1sum', 'sha224sum', 'sha256sum', 'sha384sum', 'sha512sum', 'split', 'sum', 'tac', 'tail', 'tee', 'tr', 'tsort',
  'unexpand', 'uniq',
]; // prettier-ignore
const wordsOnly = [
  'basename',
  'dirname',
  'echo',
  'expr',
  'false',
  'pathchk',
  'pwd',
  'sleep',
  'test',
  'true',
  'yes',
];
const changesFiles = [
  'link',
  'ln',
  'mkdir',
  'mkfifo',
  'mktemp',
  'mv',
  'rm',
  'rmdir',
  'sync',
  'touch',
  'truncate',
  'unlink',
];
const startsOthers = ['env', 'nice', 'nohup', 'printenv', 'timeout'];

export const coreutils: readonly Tool[] = [
  ...bytesOnly.map((name) =>
    program(name, 'turns bytes into bytes, with integers of fixed width', readingFiles()),
  ),
  ...wordsOnly.map((name) => program(name, 'depends on its arguments only', readingFiles())),
  ...changesFiles.map((name) => program(name, 'makes the same system calls', readingFiles())),
  ...startsOthers.map((name) =>
    program(name, 'starts another program, for which the kernel asks the emulator anew', readingFiles()),
  ),
  ...['chgrp', 'chmod', 'chown', 'cp', 'install', 'id', 'groups', 'whoami', 'stat'].map((name) =>
    program(
      name,
      'makes the same system calls; users are looked up in the guest’s files',
      readingFiles(namesUsers),
    ),
  ),
  program('[', 'depends on its arguments and on files', readingFiles(), 'test-bracket'),
  ...['cksum', 'wc'].map((name) =>
    program(
      name,
      'counts the same with other instructions; `--debug` names them',
      readingFiles({ bail: ['--d'] }),
    ),
  ),
  program('date', 'the time zone is the guest’s file; 64 bits of time on both sides', readingFiles()),
  program(
    'ls',
    'lists what the kernel says; sizes in odd units would be computed as long double',
    readingFiles({
      bail: ['--b'],
      bailenv: ['BLOCK_SIZE', 'LS_BLOCK_SIZE', 'BLOCKSIZE'],
      ...namesUsers,
    }),
  ),
  program('readlink', 'reads links of the file system', readingFiles()),
  program('realpath', 'reads links of the file system', readingFiles()),
  {
    ...program(
      'sort',
      'compares bytes and strings; numbers as long double only with -g',
      readingFiles({ bail: sortBail }),
    ),
    listed: 'care',
  },
];

function program(name: string, reason: string, rules: NonNullable<Tool['rules']>, alias = name): Tool {
  return {
    group: 'base',
    name: alias,
    guest: { package: 'coreutils', path: `usr/bin/${name}` },
    listed: 'allow',
    reason,
    rules,
    selfTest: coreutilsLines[alias] ?? [],
  };
}
