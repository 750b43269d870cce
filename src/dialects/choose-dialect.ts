import { AnyarchError } from '../core/error.ts';
import { quote } from '../core/text.ts';

export type DialectName = 'multiarch' | 'podman' | 'binfmt' | 'qus' | 'anyarch';

const dialectNames: readonly DialectName[] = ['multiarch', 'podman', 'binfmt', 'qus', 'anyarch'];

/** First words that are anyarch's own in every image: no predecessor has words without a dash there. */
const ownCommands: readonly string[] = [
  'register',
  'unregister',
  'status',
  'explain',
  'watch',
  'emulators',
  'exec',
  'run',
  'export',
  'rootless',
  'help',
];

/**
 * Whose command line it is. An image's tag fixes it with ANYARCH_DIALECT; only anyarch's own commands and
 * `systemd-binfmt` are stronger. Without a tag the words decide, as far as they are unmistakable.
 *
 * @param tag ANYARCH_DIALECT of the image; undefined and empty: not fixed
 * @param words behind the image's name
 * @throws AnyarchError ANYARCH_USAGE for words of two dialects, or an unknown tag
 */
export function chooseDialect(tag: string | undefined, words: readonly string[]): DialectName {
  const [first] = words;
  if (first !== undefined && ownCommands.includes(first)) return 'anyarch';
  if (first !== undefined && /(^|\/)systemd-binfmt$/.test(first)) return 'podman';
  if (tag !== undefined && tag !== '') return dialectOfTag(tag);
  if (first === undefined) return 'podman';
  return dialectOfWords(words);
}

function dialectOfTag(tag: string): DialectName {
  const found = dialectNames.find((name) => name === tag);
  if (found !== undefined) return found;
  throw new AnyarchError('ANYARCH_USAGE', `ANYARCH_DIALECT is ${quote(tag)}, which is no dialect`, {
    hint: `set it to one of ${dialectNames.join(', ')}, or leave it unset`,
  });
}

function dialectOfWords(words: readonly string[]): DialectName {
  const signs = signsIn(words);
  const [sign, ...others] = signs;
  // Nothing that tells them apart, such as `--version` and `--help`: anyarch's own answer.
  if (sign === undefined) return words.some(isGoWord) ? 'binfmt' : 'anyarch';
  const other = others.find(({ dialect }) => dialect !== sign.dialect);
  if (other === undefined) return sign.dialect;
  throw new AnyarchError(
    'ANYARCH_USAGE',
    `${quote(sign.word)} is ${origins[sign.dialect]}, and ${quote(other.word)} is ${origins[other.dialect]}`,
    { hint: `use the words of one of them, or choose one with the image's tag or -e ANYARCH_DIALECT=NAME` },
  );
}

/** With one dash, as in programs written in Go. Nobody else's, but dbhi/qus has `-help` beside its own. */
function isGoWord(word: string): boolean {
  return /^-(version|help)(=|$)/.test(word);
}

type Predecessor = Exclude<DialectName, 'podman' | 'anyarch'>;

const origins: Readonly<Record<Predecessor, string>> = {
  multiarch: "of multiarch/qemu-user-static's command line",
  binfmt: "of tonistiigi/binfmt's command line",
  qus: "of dbhi/qus's command line",
};

interface Sign {
  readonly dialect: Predecessor;
  readonly word: string;
}

/** What stands behind `--` belongs to dbhi/qus, whatever it looks like. */
function signsIn(words: readonly string[]): Sign[] {
  const end = words.indexOf('--');
  const own = end === -1 ? words : words.slice(0, end);
  const signs = own.flatMap((word, index): Sign[] => {
    if (takesAnything(own[index - 1])) return [];
    const dialect = dialectOfWord(word, words[index + 1]);
    return dialect === undefined ? [] : [{ dialect, word }];
  });
  return end === -1 ? signs : [...signs, { dialect: 'qus', word: '--' }];
}

/** A value may look like an option: `-F -static`. */
function takesAnything(word: string | undefined): boolean {
  return (
    word !== undefined &&
    /^(-[FQe]|--(qemu-suffix|qemu-path|exportdir)|--?(install|uninstall|mount))$/.test(word)
  );
}

function dialectOfWord(word: string, next: string | undefined): Predecessor | undefined {
  if (/^--?(install|uninstall|mount)(=|$)/.test(word)) return 'binfmt';
  if (/^(-l|--?(static|list|interactive))$/.test(word)) return 'qus';
  const hasValue = next?.startsWith('-') === false;
  // In both: multiarch's take a value, which dbhi/qus's never have. Its `-i` is followed by a command.
  if (word === '-s') return hasValue ? 'multiarch' : 'qus';
  if (word === '-i') return next === 'yes' || next === 'no' ? 'multiarch' : 'qus';
  return isMultiarch(word) ? 'multiarch' : undefined;
}

const longMultiarch: readonly string[] = [
  'reset',
  'persistent',
  'credential',
  'qemu-path',
  'qemu-suffix',
  'debian',
  'systemd',
  'exportdir',
  'preserve-argv0',
  'ignore-family',
];

/** getopt takes shortened long options, and values attached to short ones: `--persist yes`, `-pyes`. */
function isMultiarch(word: string): boolean {
  const long = /^--([a-z][a-z0-9-]{2,})(=|$)/.exec(word)?.[1];
  if (long !== undefined) return longMultiarch.some((name) => name.startsWith(long));
  return /^-[pcQFdegs]/.test(word) || /^-i(yes|no)$/.test(word);
}
