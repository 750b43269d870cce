import { readEntries } from '../binfmt-table.ts';

/**
 * Whether emulators have been registered: the program that says so is not asked.
 * @param interpreter of arm64, which every contender registers
 */
export function checkEntries(interpreter: string): string {
  const entries = [...readEntries().values()];
  const works = entries.some(
    (text) => text.startsWith('enabled\n') && text.includes(`interpreter ${interpreter}\n`),
  );
  if (!works) throw new Error(`no entry with the interpreter ${interpreter} among ${entries.length} entries`);
  return `${entries.length} entries`;
}
