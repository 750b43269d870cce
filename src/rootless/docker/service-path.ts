import { shellWord } from '../../core/shell-word.ts';

/** What puts a directory of ours first in the PATH of a service. */
export interface ServicePath {
  /** Who made it, and what removes it. */
  readonly note: string;
  /** What it does: whole sentences. */
  readonly does: string;
  /** Path of `servicePathProgram`. */
  readonly program: string;
  /** Of the PATH that the service gets, with systemd's specifiers. */
  readonly file: string;
}

/**
 * The unit's own PATH is known when it starts only: others may change it at any time. Each directory is taken once, as
 * what an earlier start has written is part of what is found.
 *
 * @param own the directory
 */
export function servicePathProgram(note: string, own: string): string {
  return `#!/bin/sh
# ${note}
# Puts a directory before the PATH of a service. Usage: service-path forget|write FILE
own=${shellWord(own)}
case $1:$own:$PATH in
  forget:*) exec rm -f "$2" ;;
  # Quoting ends there.
  *[\\'\\\\]*) exit 1 ;;
esac
found=$own
rest=$PATH:
while [ -n "$rest" ]; do
  directory=\${rest%%:*}
  rest=\${rest#*:}
  case :$found: in
    *":$directory:"*) ;;
    *) found=$found:$directory ;;
  esac
done
umask 077
mkdir -p "\${2%/*}" && printf "PATH='%s'\\n" "$found" > "$2"
`;
}

export function servicePathDropIn({ note, does, program, file }: ServicePath): string {
  const word = commandWord(program);
  return `# ${note}
# ${does} The file is read before each command: the second finds the unit's own PATH.
[Service]
EnvironmentFile=-${file}
ExecStartPre=-/bin/sh ${word} forget ${file}
ExecStartPre=-/bin/sh ${word} write ${file}
`;
}

/** systemd.service(5), "COMMAND LINES", and systemd.syntax(7), "QUOTING". */
function commandWord(word: string): string {
  const escaped = word.replaceAll('%', '%%').replaceAll('$', '$$$$').replace(/[\\"]/g, '\\$&');
  return /[\s"'\\;]/.test(escaped) ? `"${escaped}"` : escaped;
}
