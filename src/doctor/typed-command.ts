import { shellWord } from '../core/shell-word.ts';
import type { Remedy } from './verdict.ts';

/** A remedy's command as this user types it; undefined where no command does it. */
export function typedCommand(
  { command, needsRoot = false }: Pick<Remedy, 'command' | 'needsRoot'>,
  isRoot: boolean,
): string | undefined {
  if (command === undefined) return undefined;
  const words = needsRoot && !isRoot && command[0] !== 'sudo' ? ['sudo', ...command] : command;
  return words.map(shellWord).join(' ');
}
