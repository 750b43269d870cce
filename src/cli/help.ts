import type { CommandDefinition, OptionDefinition, PositionalDefinition } from './command.ts';
import { globalOptions } from './parse.ts';
import type { Style } from './style.ts';

export function overview(commands: readonly CommandDefinition[], style: Style): string {
  const width = Math.max(...commands.map((command) => command.name.length));
  return [
    'anyarch makes a Linux machine run programs and containers of any CPU architecture.',
    '',
    `${style.bold('Usage:')} anyarch COMMAND [OPTION…] [ARGUMENT…]`,
    '',
    style.bold('Commands:'),
    ...commands.map((command) => `  ${command.name.padEnd(width)}  ${command.summary}`),
    '',
    'anyarch COMMAND --help shows options and examples. Every command takes --json.',
    'Start here, without root: anyarch run -a s390x -- uname -m',
    '',
  ].join('\n');
}

export function commandHelp(command: CommandDefinition, style: Style): string {
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
