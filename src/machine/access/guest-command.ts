import { shellWord } from '../../core/shell-word.ts';

/**
 * What the guest's shell is given for a command, word by word as it was asked for. The shell itself ends with the
 * command's code, or 128 and the signal that ended it, which SSH alone would not tell.
 *
 * @param mark a word that the shell, but not what it starts, can be found by (`signalCommand`)
 */
export function guestCommand(words: readonly string[], mark?: string): string {
  return markedCommand(commandLine(words), mark);
}

/** The words alone, for a shell. */
export function commandLine([program = '', ...rest]: readonly string[]): string {
  // Quoted even where that looks needless: "if" and "A=b" would be something else to the shell.
  return [`'${program.replaceAll("'", "'\\''")}'`, ...rest.map(shellWord)].join(' ');
}

/** @param line for a shell */
export function markedCommand(line: string, mark: string | undefined): string {
  return `${mark === undefined ? outliveKeys : `: ${mark}; ${outlive}`}; ${line}; exit $?`;
}

/**
 * Signals are sent to the whole group, and the shell has to be there still to say what its command made of them. What it
 * traps, other than what it ignores, is as usual again in what it starts (POSIX, trap).
 */
const outlive = 'trap : HUP INT QUIT TERM USR1 USR2';
/** Of a terminal, whose end ends both. */
const outliveKeys = 'trap : INT QUIT';

/**
 * A command for the guest that sends a signal to all of a command's process group: sshd gives a session of its own to
 * each that has no terminal. Found by the shell's words in /proc, so that the command's environment has nothing of ours.
 *
 * @param mark of `guestCommand`: letters, digits and hyphens
 * @param signal `TERM`
 */
export function signalCommand(mark: string, signal: string): string {
  // So written, the pattern does not find the shell that it is a word of itself.
  const pattern = `[${mark.slice(0, 1)}]${mark.slice(1)}`;
  return `for p in $(grep -lae '${pattern}' /proc/[0-9]*/cmdline 2>/dev/null); do p=\${p%/*}; kill -s ${signal} -- "-\${p##*/}" 2>/dev/null; done; exit 0`;
}
