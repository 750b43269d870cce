import { printable } from './printable.ts';

/** Characters; the rest of a longer command is left out. */
const longest = 200;

/**
 * What a record says that it was made by: anyarch's version and the command as typed, on one line that is safe to show.
 *
 * @param words what stands behind the program's name
 */
export function commandLine(version: string, words: readonly string[]): string {
  const characters = Array.from(printable(`anyarch ${version}: ${words.map(quoted).join(' ')}`));
  return characters.length <= longest ? characters.join('') : `${characters.slice(0, longest - 1).join('')}…`;
}

function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
