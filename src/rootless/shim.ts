import { shellWord } from '../core/shell-word.ts';
import { AnyarchError } from '../core/error.ts';
import { homeDirectory } from '../host/home-directory.ts';
import type { Host } from '../host/host.ts';
import type { WantedFile } from '../installed-files/index.ts';
import type { EngineContext, EngineName } from './engine.ts';
import { shimMark } from './real-program.ts';

export interface ShimOptions {
  /** Whose it is, for the words in it. */
  readonly engine: EngineName;
  /** What the real program is put behind. */
  readonly within: readonly string[];
  /** A command that ends with 0 where that can work now; else the real program is run by itself. */
  readonly check: readonly string[];
  /** What is told by its first word without a dash: other commands of the program run the real one at once. Default: all. */
  readonly commands?: readonly string[];
  /** Such a word has the real one run at once, too, wherever it stands; `*` at the end stands for anything. */
  readonly exceptFor?: readonly string[];
  /** So do these behind the first word without a dash, before the next. */
  readonly exceptForFlags?: readonly string[];
}

/**
 * A program in the user's own directory that stands before the real one in PATH and runs it within something. What it
 * starts runs the real one at once, also by the shim's name. Where that does not work any more, or the recorded program
 * is gone, the next one in PATH is run by itself: a shim keeps nobody's program from starting.
 *
 * @param real absolute
 * @throws AnyarchError ANYARCH_FILE where the environment names no home directory
 */
export function shimFile(
  { host }: Pick<EngineContext, 'host'>,
  name: string,
  real: string,
  options: ShimOptions,
): WantedFile {
  const { engine, within, check } = options;
  const path = `${shimDirectory(host)}/${name}`;
  const content = `#!/bin/sh
${shimMark}: runs ${name} with foreign architectures enabled.
# Made by "anyarch rootless enable ${engine}", removed by "anyarch rootless disable ${engine}".
real=${shellWord(real)}
self=${shellWord(path)}
if [ ! -x "$real" ]; then
  # It has been moved: the next one in PATH, which is not this one.
  real=
  rest=$PATH:
  while [ -n "$rest" ] && [ -z "$real" ]; do
    directory=\${rest%%:*}
    rest=\${rest#*:}
    found=\${directory:-.}/${name}
    if [ -f "$found" ] && [ -x "$found" ] && ! [ "$found" -ef "$self" ]; then real=$found; fi
  done
  if [ -z "$real" ]; then
    echo "${name}: not found (anyarch ran ${real})" >&2
    exit 127
  fi
fi
${chooseText(options)}if [ -n "$wraps" ] && [ -z "\${${insideVariable}-}" ] && ${words(check)} </dev/null >/dev/null 2>&1; then
  ${insideVariable}=1
  export ${insideVariable}
  exec ${words(within)} "$real" "$@"
fi
exec "$real" "$@"
`;
  return { path, content, mode: 0o755 };
}

function words(command: readonly string[]): string {
  return command.map(shellWord).join(' ');
}

type Choice = Pick<ShimOptions, 'commands' | 'exceptFor' | 'exceptForFlags'>;

function chooseText({ commands, exceptFor = [], exceptForFlags = [] }: Choice): string {
  if (commands === undefined) return 'wraps=yes\n';
  return `wraps=
plain=
for word do
  case $plain$word in
${caseLine(exceptForFlags.map((flag) => `+${flag}`))}  esac
  case $word in
${caseLine(exceptFor)}    -*) continue ;;
  esac
  plain=$plain+
  case $plain in
    +)
      case $word in
        ${commands.map(shellWord).join(' | ')}) wraps=yes ;;
        *) break ;;
      esac
      ;;
  esac
done
`;
}

function caseLine(words: readonly string[]): string {
  if (words.length === 0) return '';
  const patterns = words.map((word) =>
    word.endsWith('*') ? `${shellWord(word.slice(0, -1))}*` : shellWord(word),
  );
  return `    ${patterns.join(' | ')}) wraps=; break ;;\n`;
}

/** Set in what a shim has started. */
export const insideVariable = '_ANYARCH_SHIM';

/**
 * Where a user's own programs are, by the XDG base directory specification and systemd's file-hierarchy(7).
 *
 * @throws AnyarchError ANYARCH_FILE
 */
export function shimDirectory({ system }: Pick<Host, 'system'>): string {
  const home = homeDirectory(system);
  if (home !== undefined) return `${home.replace(/\/+$/, '')}/.local/bin`;
  throw new AnyarchError('ANYARCH_FILE', 'this user has no home directory for programs of their own', {
    hint: 'set HOME to a directory of yours',
  });
}
