import { shellWord } from '../../core/shell-word.ts';

/**
 * A command that writes to a file of a binfmt_misc table. Only a shell redirects, and names of entries are whatever somebody
 * registered, so the path is quoted: people copy this and run it as root.
 */
export function writeToTable(value: '-1' | '0' | '1', path: string): readonly [string, ...string[]] {
  return ['sh', '-c', `echo ${value} > ${shellWord(path)}`];
}
