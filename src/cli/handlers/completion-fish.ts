import type { CommandDefinition } from '../command.ts';
import {
  architectureNames,
  definitions,
  firstWords,
  furtherNames,
  groups,
  listsMachines,
  listsSnapshots,
  offeredPositionals,
  optionsOf,
} from './completion-words.ts';
import type { Offer } from './completion-words.ts';

/** One `complete` for each option and argument. Files are offered only where they make sense. */
export function fishScript(): string {
  const lines = ['# fish completion for anyarch', 'complete -c anyarch -f'];
  for (const name of [...firstWords, 'help'])
    lines.push(offered('__fish_use_subcommand', `-a ${name} -d ${quote(summaryOf(name))}`));
  lines.push(offered('__fish_seen_subcommand_from help', `-a ${quote(firstWords.join(' '))}`));
  for (const { name, members } of groups)
    lines.push(
      offered(
        `__fish_seen_subcommand_from ${name}; and not __fish_seen_subcommand_from ${members.join(' ')}`,
        `-a ${quote(members.join(' '))}`,
      ),
    );
  for (const command of definitions) lines.push(...linesOf(command));
  return `${lines.join('\n')}\n`;
}

function linesOf(command: CommandDefinition): string[] {
  const seen = command.name
    .split(' ')
    .map((word) => `__fish_seen_subcommand_from ${word}`)
    .join('; and ');
  const condition = `${seen}; and not __fish_seen_subcommand_from help`;
  const options = optionsOf(command).map(({ name, short, help, offer }) => {
    const value = offer === undefined ? '' : ` ${valuesOf(offer)}`;
    return offered(
      condition,
      `-l ${name}${short === undefined ? '' : ` -s ${short}`}${value} -d ${quote(help)}`,
    );
  });
  // Behind the first word it is the guest's command.
  const guest = command.passThrough === true ? ['-F'] : [];
  const words = offeredPositionals(command).flatMap(({ offer }) => wordsOf(condition, offer));
  return [...options, ...new Set([...words, ...guest.map((one) => offered(condition, one))])];
}

function wordsOf(condition: string, offer: Offer): string[] {
  if (offer === 'nothing') return [];
  if (offer === 'machine') return [offered(condition, `-a '(${listsMachines})'`)];
  if (offer === 'snapshot') {
    // Behind anyarch, machine, snapshot, and what is to be done with it.
    const machine = '(string match -v -- "-*" (commandline -opc))[5]';
    const isThere = `${condition}; and __fish_seen_subcommand_from restore remove`;
    return [offered(isThere, `-a '(${listsSnapshots(machine)})'`)];
  }
  if (offer === 'file' || offer === 'directory') return [offered(condition, '-F')];
  if (offer === 'architecture') return [offered(condition, `-a ${quote(['all', ...allNames].join(' '))}`)];
  const isOpen = `${condition}; and not __fish_seen_subcommand_from ${offer.join(' ')}`;
  return [offered(isOpen, `-a ${quote(offer.join(' '))}`)];
}

const allNames: readonly string[] = [...architectureNames, ...furtherNames];

/** `-r` needs a value, `-x` one that is no file. */
function valuesOf(offer: Offer): string {
  if (offer === 'file') return '-r -F';
  if (offer === 'directory') return "-x -a '(__fish_complete_directories)'";
  if (offer === 'machine') return `-x -a '(${listsMachines})'`;
  if (offer === 'nothing' || offer === 'snapshot') return '-x';
  return `-x -a ${quote((offer === 'architecture' ? allNames : offer).join(' '))}`;
}

function offered(condition: string, rest: string): string {
  return `complete -c anyarch -n '${condition}' ${rest}`;
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}

function summaryOf(name: string): string {
  if (name === 'help') return 'show the help of a command';
  const members = groups.find((group) => group.name === name)?.members;
  return definitions.find((command) => command.name === name)?.summary ?? members?.join(', ') ?? '';
}
