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

/** A function that finds out what the word under the cursor is, from tables of options and arguments. */
export function bashScript(): string {
  return `# bash completion for anyarch; zsh uses it through bashcompinit
_anyarch_words() { COMPREPLY=($(compgen -W "$1" -- "$current")); }
_anyarch_paths() {
  local IFS=$'\\n'
  compopt -o filenames 2>/dev/null
  COMPREPLY=($(compgen "$1" -- "$current"))
}
# What "COMMAND:N" takes as its Nth argument, or "COMMAND OPTION" as its value; empty when nothing.
_anyarch_offer() {
  case $1 in
${offerCases().join('\n')}
    *) offer= ;;
  esac
}
_anyarch_reply() {
  case $1 in
    architecture) _anyarch_words "\${2-}${architectureNames.join(' ')}\${current:+ ${furtherNames.join(' ')}}" ;;
    file) _anyarch_paths -f ;;
    directory) _anyarch_paths -d ;;
    machine) _anyarch_words "$(${listsMachines})" ;;
    snapshot)
      case \${arguments[0]} in
        restore|remove) _anyarch_words "$(${listsSnapshots('"${arguments[1]}"')})" ;;
      esac ;;
    words:*) _anyarch_words "\${1#words:}" ;;
  esac
}
# The words before the cursor that are arguments, and whether the cursor is behind the guest's command.
_anyarch_arguments() {
  local index=2 offer
  arguments=() guest=
  case $name in *' '*) index=3 ;; esac
  while [ "$index" -lt "$COMP_CWORD" ]; do
    case $name in ${passingThrough().join('|')}) case \${COMP_WORDS[index]} in --|[!-]*) guest=1; return ;; esac ;; esac
    case \${COMP_WORDS[index]} in
      -*) _anyarch_offer "$name \${COMP_WORDS[index]}" ;;
      *) offer= arguments+=("\${COMP_WORDS[index]}") ;;
    esac
    index=$((index + 1))
    if [ -n "$offer" ]; then
      if [ "\${COMP_WORDS[index]}" = = ]; then index=$((index + 1)); fi
      index=$((index + 1))
    fi
    # bash splits host:5000/a@b and A=B into words, too.
    while [ "$index" -lt "$COMP_CWORD" ]; do
      case \${COMP_WORDS[index]} in
        [:=@]*) index=$((index + 2)) ;;
        *) break ;;
      esac
    done
  done
}
_anyarch() {
  local current=\${COMP_WORDS[COMP_CWORD]} option=\${COMP_WORDS[COMP_CWORD-1]} name=\${COMP_WORDS[1]} position=1 options= offer= members= arguments guest
  COMPREPLY=()
  if [ "$name" = help ] && [ "$COMP_CWORD" -gt 1 ]; then name=\${COMP_WORDS[2]} position=2; fi
  if [ "$COMP_CWORD" -eq 1 ]; then _anyarch_words '${firstWords.join(' ')} help --help --version'; return; fi
  if [ "$COMP_CWORD" -eq "$position" ]; then _anyarch_words '${firstWords.join(' ')}'; return; fi
  case $name in
${groups.map(({ name, members }) => `    ${name}) members=' ${members.join(' ')} ' ;;`).join('\n')}
  esac
  if [ -n "$members" ]; then
    if [ "$COMP_CWORD" -gt $((position + 1)) ]; then
      case $members in *" \${COMP_WORDS[position + 1]} "*) name="$name \${COMP_WORDS[position + 1]}" ;; esac
      members=
    else
      case $name in
        ${bothCommandAndGroup().join('|')}) ;;
        *) _anyarch_words "$members"; return ;;
      esac
    fi
  fi
  if [ "$position" -eq 2 ]; then
    if [ -n "$members" ]; then _anyarch_words "$members"; fi
    return
  fi
  _anyarch_arguments
  if [ -n "$guest" ]; then _anyarch_paths -f; return; fi
  # bash splits --arch=arm64 into three words.
  if [ "$current" = = ]; then current=
  elif [ "$option" = = ]; then option=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  case $option in
    -*) _anyarch_offer "$name $option"; if [ -n "$offer" ]; then _anyarch_reply "$offer"; return; fi ;;
  esac
  case $name in
${definitions.map((command) => `    '${command.name}') options='${spellings(command).join(' ')}' ;;`).join('\n')}
  esac
  _anyarch_offer "$name:$((\${#arguments[@]} + 1))"
  case $current in
    -*) _anyarch_words "$options" ;;
    *)
      if [ -n "$offer" ]; then _anyarch_reply "$offer" 'all '; else _anyarch_words "$options"; fi
      if [ -n "$members" ]; then COMPREPLY+=($(compgen -W "$members" -- "$current")); fi ;;
  esac
}
complete -F _anyarch anyarch
`;
}

/** `'run -a'|'run --arch'|'explain:1') offer='architecture' ;;`; what stands for all further arguments comes last. */
function offerCases(): string[] {
  const exact = new Map<string, string[]>();
  const further = new Map<string, string[]>();
  const add = (patterns: Map<string, string[]>, offer: Offer, pattern: string): void => {
    const key = typeof offer === 'string' ? offer : `words:${offer.join(' ')}`;
    patterns.set(key, [...(patterns.get(key) ?? []), pattern]);
  };
  for (const command of definitions) {
    offeredPositionals(command).forEach(({ offer, isLast }, index) => {
      add(exact, offer, `'${command.name}:${index + 1}'`);
      if (isLast) add(further, offer, `'${command.name}:'*`);
    });
    for (const { name, short, offer } of optionsOf(command)) {
      if (offer === undefined) continue;
      add(exact, offer, `'${command.name} --${name}'`);
      if (short !== undefined) add(exact, offer, `'${command.name} -${short}'`);
    }
  }
  return [...exact, ...further].map(([offer, words]) => `    ${words.join('|')}) offer='${offer}' ;;`);
}

function spellings(command: CommandDefinition): string[] {
  return optionsOf(command).flatMap(({ name, short }) => [
    `--${name}`,
    ...(short === undefined ? [] : [`-${short}`]),
  ]);
}

/** First words that are commands by themselves, too, such as `watch`. */
function bothCommandAndGroup(): string[] {
  const names = new Set(definitions.map(({ name }) => name));
  return groups.filter(({ name }) => names.has(name)).map(({ name }) => name);
}

function passingThrough(): string[] {
  return definitions.filter((command) => command.passThrough === true).map((command) => `'${command.name}'`);
}
