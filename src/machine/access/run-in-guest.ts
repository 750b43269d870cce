import { guestCommand } from './guest-command.ts';
import { runProgram, type ProgramOptions, type ProgramResult } from './run-program.ts';
import { sshCommand, type Reached, type ReachedAt } from './ssh-command.ts';

/** Runs a command in the guest, over the connection that `openMaster` made, and collects what it prints. */
export async function runInGuest(
  machine: Reached,
  at: ReachedAt,
  words: readonly string[],
  options: Omit<ProgramOptions, 'goesOn'> = {},
): Promise<ProgramResult> {
  return await runProgram(sshCommand(machine, at, { words: [guestCommand(words)] }), options);
}
