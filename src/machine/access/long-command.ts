import { AnyarchError } from '../../core/error.ts';
import { commandLine, guestCommand, markedCommand } from './guest-command.ts';
import { runInGuest } from './run-in-guest.ts';
import type { Reached, ReachedAt } from './ssh-command.ts';

/**
 * Bytes of a command that fit into one word of ssh here and of the guest's shell there, with some to spare: MAX_ARG_STRLEN
 * of Linux is 131,072, whatever all words may have together (execve(2)).
 */
const longestWord = 120_000;

/**
 * `guestCommand`, also where the words are more than one word can have: then the guest's shell reads them from a file,
 * which is removed before they run.
 *
 * @param name of the file: letters, digits and hyphens that nobody else has
 * @throws AnyarchError ANYARCH_FILE where the guest cannot keep it
 */
export async function passedCommand(
  machine: Reached,
  at: ReachedAt,
  words: readonly string[],
  { name, mark }: { readonly name: string; readonly mark: string | undefined },
): Promise<string> {
  const command = guestCommand(words, mark);
  if (Buffer.byteLength(command) <= longestWord) return command;
  const file = `/tmp/${name}.sh`;
  const receive = `umask 077; set -C; cat >${file} || { rm -f ${file}; exit 1; }`;
  const { exitCode, stderr } = await runInGuest(machine, at, ['sh', '-c', receive], {
    input: `rm -f ${file}\n${commandLine(words)}\n`,
  });
  if (exitCode === 0) return markedCommand(`. ${file}`, mark);
  throw new AnyarchError(
    'ANYARCH_FILE',
    `${machine.record.name} cannot keep a command of ${Buffer.byteLength(command)} bytes in ${file}: ${stderr.trim()}`,
    { hint: 'pass it on through a pipe instead: … | anyarch machine shell NAME -- xargs CMD' },
  );
}
