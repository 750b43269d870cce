import { lookUpArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import { getopt, type OptionKind } from '../../core/getopt.ts';
import { suggest } from '../../core/suggest.ts';
import { scriptTargets } from '../../core/templates/script-target.ts';
import { quote } from '../../core/text.ts';

/** What the words and the environment of dbhi/qus ask for. */
export interface QusWish {
  readonly help: boolean;
  /** The words of a shell's command, which is executed instead of everything else. */
  readonly command: readonly string[] | undefined;
  /** List the table's files, after everything else. */
  readonly list: boolean;
  /** What its script is to do; undefined: nothing. */
  readonly script: ScriptWish | undefined;
}

export interface ScriptWish {
  readonly mode: 'register' | 'clear' | 'systemd' | 'debian';
  /** Look only whether it could be done. */
  readonly test: boolean;
  /** Names of the script's targets; empty: all of them. */
  readonly targets: readonly string[];
  /** Directory of the interpreters. */
  readonly path: string;
  readonly suffix: string;
  /** Flag F. */
  readonly persistent: boolean;
  /** Flags O and C. */
  readonly credentials: boolean;
  /** Flag P. */
  readonly preserveArgv0: boolean;
  /** Where the files of `systemd` and `debian` go. */
  readonly exportDirectory: string;
  /** The machine that it is for, when it is another one than this. */
  readonly machine: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

const ownKinds = [
  { name: 'help', long: 'help', short: 'h', argument: 'none' },
  { name: 'interactive', long: 'interactive', short: 'i', argument: 'none' },
  { name: 'list', long: 'list', short: 'l', argument: 'none' },
  { name: 'static', long: 'static', short: 's', argument: 'none' },
] as const satisfies readonly OptionKind[];

const scriptKinds = [
  { name: 'help', long: 'help', short: 'h', argument: 'none' },
  { name: 'test', long: 'test', short: 't', argument: 'none' },
  { name: 'clear', long: 'clear', short: 'r', argument: 'none' },
  { name: 'debian', long: 'debian', short: 'd', argument: 'none' },
  { name: 'systemd', long: 'systemd', short: 's', argument: 'none' },
  { name: 'path', long: 'path', short: 'Q', argument: 'required' },
  { name: 'suffix', long: 'suffix', short: 'F', argument: 'required' },
  // What its option string has for the suffix, beside -F of its help.
  { name: 'suffix', short: 'S', argument: 'required' },
  { name: 'exportdir', long: 'exportdir', short: 'e', argument: 'required' },
  { name: 'credential', long: 'credential', short: 'c', argument: 'none' },
  { name: 'persistent', long: 'persistent', short: 'p', argument: 'none' },
  { name: 'preserve-argv0', long: 'preserve-argv0', argument: 'none' },
] as const satisfies readonly OptionKind[];

/**
 * Pure: what is to be done. What stands behind `--` is for qus' variant of QEMU's qemu-binfmt-conf.sh. As its shell
 * script does, it takes words apart at blanks.
 *
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_UNKNOWN_ARCHITECTURE
 */
export function readQusWish(given: readonly string[], environment: Environment): QusWish {
  const words = given.flatMap((word) => word.split(/\s+/)).filter((word) => word !== '');
  const end = words.indexOf('--');
  const [front, behind] = end === -1 ? [words, undefined] : [words.slice(0, end), words.slice(end + 1)];
  const { options, operands } = getopt(front.map(withTwoDashes), ownKinds, { stopAtOperand: true });
  const has = (name: (typeof ownKinds)[number]['name']): boolean => options.some((one) => one.name === name);
  if (has('help')) return { help: true, command: undefined, list: false, script: undefined };
  if (has('interactive')) {
    return { help: false, command: [...operands, ...(behind ?? [])], list: false, script: undefined };
  }
  const [operand] = operands;
  if (operand !== undefined) throw usage(`unexpected word ${quote(operand)}`, `-s -- -p ${operand}`);
  // A list alone changes nothing, whatever qus does: it says that it lists.
  if (has('list') && !has('static') && behind === undefined)
    return { help: false, command: undefined, list: true, script: undefined };
  const script = readScriptWish(behind ?? [], has('static'), environment);
  return {
    help: script === 'help',
    command: undefined,
    list: has('list'),
    script: script === 'help' ? undefined : script,
  };
}

/** It takes its long options with one dash, too. */
function withTwoDashes(word: string): string {
  return /^-(help|list|interactive|static)$/.test(word) ? `-${word}` : word;
}

function readScriptWish(
  words: readonly string[],
  isStatic: boolean,
  environment: Environment,
): ScriptWish | 'help' {
  const { options, operands } = getopt(words, scriptKinds);
  type Name = (typeof scriptKinds)[number]['name'];
  const values = new Map<Name, string>(options.map(({ name, value = '' }) => [name, value]));
  if (values.has('help')) return 'help';
  const isSet = (name: Name, variable: string): boolean =>
    values.has(name) || environment[variable] === 'yes';
  const mode = modeOf(values.has('systemd'), values.has('debian'), isSet('clear', 'QEMU_CLEAR'));
  const targets =
    operands.length > 0 ? operands : wordsOf(environment['QEMU_TARGETS'] ?? environment['QEMU_TARGET']);
  return {
    mode,
    test: isSet('test', 'QEMU_TEST'),
    targets: [...new Set(targets.map(knownTarget))],
    path: directory('path', values.get('path') ?? nonEmpty(environment['QEMU_BIN_DIR']) ?? '/usr/bin'),
    suffix: isStatic ? '-static' : (values.get('suffix') ?? environment['QEMU_SUFFIX'] ?? ''),
    persistent: isSet('persistent', 'QEMU_PERSISTENT'),
    credentials: isSet('credential', 'QEMU_CREDENTIAL'),
    preserveArgv0: values.has('preserve-argv0'),
    exportDirectory: directory(
      'exportdir',
      values.get('exportdir') ?? nonEmpty(environment['EXPORTDIR']) ?? defaultDirectories[mode],
    ),
    machine: nonEmpty(environment['HOST_ARCH']),
  };
}

const defaultDirectories: Readonly<Record<ScriptWish['mode'], string>> = {
  register: '/',
  clear: '/',
  systemd: '/etc/binfmt.d',
  debian: '/usr/share/binfmts',
};

function modeOf(systemd: boolean, debian: boolean, clear: boolean): ScriptWish['mode'] {
  if (systemd && debian)
    throw usage('--systemd and --debian exclude each other', 'run it once with each of them');
  if (clear && (systemd || debian)) throw usage('--clear removes entries of the kernel only', '-- -r');
  if (clear) return 'clear';
  if (systemd) return 'systemd';
  return debian ? 'debian' : 'register';
}

/** One of the script's, or any other name of the same architecture. */
function knownTarget(word: string): string {
  const names = scriptTargets.map(({ name }) => name);
  if (names.includes(word)) return word;
  const architecture = lookUpArchitecture(word);
  if (architecture !== undefined) return architecture.name;
  const nearest = suggest(word, names);
  throw new AnyarchError('ANYARCH_UNKNOWN_ARCHITECTURE', `unknown CPU ${quote(word)}`, {
    hint: nearest === undefined ? `known: ${names.join(' ')}` : `did you mean ${nearest}?`,
  });
}

/** The kernel takes a relative path and looks it up in every program's own directory. */
function directory(option: string, path: string): string {
  if (path.startsWith('/') && Array.from(path).every((one) => one >= ' ' && one !== '\x7f')) return path;
  throw usage(`--${option} is ${quote(path)}`, `name a directory from the root on: --${option}=/usr/bin`);
}

function wordsOf(text: string | undefined): string[] {
  return (text ?? '').split(/\s+/).filter((word) => word !== '');
}

/** As the shell's `${NAME:-…}`. */
function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function usage(message: string, hint: string): AnyarchError {
  return new AnyarchError('ANYARCH_USAGE', message, { hint });
}
