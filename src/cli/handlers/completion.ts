import { architectures } from '../../core/architecture.ts';
import type { CommandDefinition, Handler, OptionDefinition } from '../command.ts';
import type { completion } from '../commands/completion.ts';
import { commands } from '../commands/index.ts';
import { globalOptions } from '../parse.ts';

export const handleCompletion: Handler<(typeof completion)['options']> = ({ positionals }) => {
  const shell = positionals[0] === 'zsh' || positionals[0] === 'fish' ? positionals[0] : 'bash';
  return {
    exitCode: 0,
    text:
      shell === 'fish'
        ? fishScript()
        : shell === 'zsh'
          ? `autoload -U +X bashcompinit && bashcompinit\n${bashScript()}`
          : bashScript(),
  };
};

/** The words of each command after its name, and the architectures that most positionals and -a take. */
function bashScript(): string {
  const cases = commands.map((command) => `    '${command.name}') words='${wordsOf(command).join(' ')}' ;;`);
  return `# bash completion for anyarch; zsh uses it through bashcompinit
_anyarch() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} name=\${COMP_WORDS[1]} words=
  local names='${firstWords().join(' ')}' architectures='${architectureNames().join(' ')}'
  if [ "$COMP_CWORD" -eq 1 ]; then COMPREPLY=($(compgen -W "$names --help --version" -- "$current")); return; fi
  case $name in
${groups()
  .map(
    (group) =>
      `    ${group}) if [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W '${membersOf(group).join(' ')}' -- "$current")); return; fi; name="$name \${COMP_WORDS[2]}" ;;`,
  )
  .join('\n')}
  esac
  case $previous in
    -a|--arch) COMPREPLY=($(compgen -W "$architectures" -- "$current")); return ;;
    --rootfs|--sysroot|-L|-w|--workdir) COMPREPLY=($(compgen -d -- "$current")); return ;;
    -v|--volume|--qemu) COMPREPLY=($(compgen -f -- "$current")); return ;;
  esac
  case $name in
${cases.join('\n')}
  esac
  case $current in
    -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
    *) case $name in
      ${architectureCommands()
        .map((name) => `'${name}'`)
        .join('|')}) COMPREPLY=($(compgen -W "$architectures all" -- "$current")) ;;
      *) COMPREPLY=($(compgen -f -- "$current")) ;;
    esac ;;
  esac
}
complete -o filenames -F _anyarch anyarch
`;
}

function fishScript(): string {
  const lines = ['# fish completion for anyarch', 'complete -c anyarch -f'];
  const seen = (command: CommandDefinition): string =>
    command.name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ');
  for (const name of firstWords())
    lines.push(`complete -c anyarch -n '__fish_use_subcommand' -a ${name} -d ${quote(summaryOf(name))}`);
  for (const group of groups())
    lines.push(
      `complete -c anyarch -n '__fish_seen_subcommand_from ${group}' -a '${membersOf(group).join(' ')}'`,
    );
  for (const command of commands)
    for (const [name, option] of Object.entries<OptionDefinition>({ ...command.options, ...globalOptions })) {
      const short = option.short === undefined ? '' : ` -s ${option.short}`;
      const values =
        option.complete === 'architecture'
          ? ` -xa '${architectureNames().join(' ')}'`
          : option.type === 'string'
            ? ' -r -F'
            : '';
      lines.push(
        `complete -c anyarch -n '${seen(command)}' -l ${name}${short}${values} -d ${quote(option.help)}`,
      );
    }
  for (const name of architectureCommands())
    lines.push(
      `complete -c anyarch -n '__fish_seen_subcommand_from ${name.split(' ').at(-1) ?? name}' -a '${architectureNames().join(' ')} all'`,
    );
  return `${lines.join('\n')}\n`;
}

function quote(text: string): string {
  return `'${text.replace(/['\\]/g, '\\$&')}'`;
}

function wordsOf(command: CommandDefinition): string[] {
  return Object.entries<OptionDefinition>({ ...command.options, ...globalOptions }).flatMap(
    ([name, option]) => [`--${name}`, ...(option.short === undefined ? [] : [`-${option.short}`])],
  );
}

function architectureNames(): string[] {
  return architectures.map((architecture) => architecture.debian[0] ?? architecture.name);
}

function architectureCommands(): string[] {
  return commands
    .filter((command) => command.positionals.some((positional) => positional.complete === 'architecture'))
    .map((command) => command.name);
}

function firstWords(): string[] {
  return [...new Set(commands.map((command) => command.name.split(' ')[0] ?? ''))];
}

function groups(): string[] {
  return [
    ...new Set(
      commands.flatMap((command) => (command.name.includes(' ') ? [command.name.split(' ')[0] ?? ''] : [])),
    ),
  ];
}

function membersOf(group: string): string[] {
  return commands
    .filter((command) => command.name.startsWith(`${group} `))
    .map((command) => command.name.split(' ')[1] ?? '');
}

function summaryOf(name: string): string {
  return commands.find((command) => command.name === name)?.summary ?? membersOf(name).join(', ');
}
