import type { CommandDefinition, OptionDefinition, PositionalDefinition } from './command.ts';
import { globalOptions } from './parse.ts';
import type { Style } from './style.ts';

export function overview(all: readonly CommandDefinition[], style: Style): string {
  const commands = forPeople(all);
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    'anyarch makes a Linux machine run programs and containers of any CPU architecture.',
    '',
    `${style.bold('Usage:')} anyarch COMMAND [OPTION…] [ARGUMENT…]`,
    ...sections.flatMap(({ title, words }) => {
      const members = commands.filter(({ name }) => words.includes(firstWord(name)));
      return members.length === 0 ? [] : ['', style.bold(`${title}:`), ...summaries(members, width)];
    }),
    '',
    'anyarch help COMMAND shows options and examples. Every command takes --json.',
    'Start here, without root: anyarch run -a s390x -- uname -m',
    '',
  ].join('\n');
}

/** First words of commands, as people look for them. */
export const sections: readonly { readonly title: string; readonly words: readonly string[] }[] = [
  { title: 'Run something now', words: ['run', 'exec', 'debug'] },
  { title: 'Containers without root', words: ['rootless'] },
  { title: 'Register for the whole machine', words: ['register', 'unregister', 'release'] },
  { title: 'Look', words: ['status', 'explain', 'doctor'] },
  { title: 'Stay registered', words: ['persist', 'watch', 'export'] },
  { title: 'Emulators', words: ['emulators'] },
  { title: 'Native tools in emulated builds', words: ['accelerate'] },
  { title: 'Container images', words: ['build', 'image'] },
  { title: 'Machines', words: ['machine'] },
  { title: 'This program', words: ['uninstall', 'completion'] },
];

/** Of commands that begin with the same word. */
export function groupHelp(group: string, members: readonly CommandDefinition[], style: Style): string {
  return [
    `${style.bold('Usage:')} anyarch ${group} COMMAND [OPTION…] [ARGUMENT…]`,
    '',
    style.bold('Commands:'),
    ...summaries(forPeople(members)),
    '',
    `anyarch help ${group} COMMAND shows options and examples.`,
    '',
  ].join('\n');
}

function forPeople(commands: readonly CommandDefinition[]): readonly CommandDefinition[] {
  return commands.filter(({ isPlumbing }) => isPlumbing !== true);
}

function summaries(
  commands: readonly CommandDefinition[],
  width = Math.max(...commands.map(({ name }) => name.length)),
): string[] {
  return commands.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
}

function firstWord(name: string): string {
  return name.split(' ')[0] ?? '';
}

/** @param members commands of two words that begin with this one */
export function commandHelp(
  command: CommandDefinition,
  members: readonly CommandDefinition[],
  style: Style,
): string {
  const options = { ...command.options, ...globalOptions };
  const rows = Object.entries(options).map(([name, option]) => ({ left: optionUsage(name, option), option }));
  const arguments_ = command.positionals.map((positional) => ({
    left: positional.name,
    help: positional.help,
  }));
  const width = Math.max(...rows.map((row) => row.left.length), ...arguments_.map((row) => row.left.length));
  return [
    `${style.bold('Usage:')} anyarch ${command.name} [OPTION…]${command.positionals.map(positionalUsage).join('')}`,
    '',
    command.description ?? `${command.summary}.`,
    ...(arguments_.length === 0 ? [] : ['', style.bold('Arguments:')]),
    ...arguments_.map((row) => `  ${row.left.padEnd(width)}  ${row.help}`),
    '',
    ...(members.length === 0 ? [] : [style.bold('Further commands:'), ...summaries(members), '']),
    style.bold('Options:'),
    ...rows.map((row) => `  ${row.left.padEnd(width)}  ${row.option.help}${repeatable(row.option)}`),
    '',
    style.bold('Examples:'),
    ...command.examples.flatMap((example) => [`  ${style.dim(`# ${example.does}`)}`, `  ${example.command}`]),
    '',
  ].join('\n');
}

function optionUsage(name: string, option: OptionDefinition): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  const value = option.type === 'string' ? ` ${option.value ?? option.choices?.join('|') ?? 'VALUE'}` : '';
  return `${short}--${name}${value}`;
}

function positionalUsage(positional: PositionalDefinition): string {
  const name = `${positional.name}${positional.variadic === true ? '…' : ''}`;
  return positional.required === true ? ` ${name}` : ` [${name}]`;
}

function repeatable(option: OptionDefinition): string {
  return option.multiple === true ? ' (repeatable)' : '';
}
