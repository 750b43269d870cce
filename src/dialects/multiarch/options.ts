import { AnyarchError } from '../../core/error.ts';
import { getopt, type OptionKind } from '../../core/getopt.ts';
import { suggest } from '../../core/suggest.ts';
import { interpreterDirectory, interpreterSuffix } from '../../core/templates/interpreter.ts';
import { scriptTargets } from '../../core/templates/script-target.ts';
import { quote } from '../../core/text.ts';

/** What the words and the environment of multiarch/qemu-user-static ask for. */
export interface MultiarchWish {
  readonly help: boolean;
  readonly reset: boolean;
  /** Files for other tools instead of entries in the table. */
  readonly templates: TemplatesWish | undefined;
  /** Directory of the interpreters. */
  readonly qemuPath: string;
  readonly qemuSuffix: string;
  /** Flags C and O. */
  readonly credentials: boolean;
  /** Flag F. */
  readonly fixBinary: boolean;
  /** Flag P. */
  readonly preserveArgv0: boolean;
  readonly ignoreFamily: boolean;
  /** The machine that it is for; undefined: this one. */
  readonly machine: string | undefined;
  /** Words that mean nothing. */
  readonly ignored: readonly string[];
}

export interface TemplatesWish {
  readonly kind: 'systemd' | 'debian';
  /** The name of a target; `ALL`. */
  readonly target: string;
  readonly directory: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const kinds = [
  { name: 'reset', long: 'reset', argument: 'none' },
  { name: 'help', long: 'help', short: 'h', argument: 'none' },
  { name: 'persistent', long: 'persistent', short: 'p', argument: 'required' },
  { name: 'credential', long: 'credential', short: 'c', argument: 'required' },
  { name: 'qemu-path', long: 'qemu-path', short: 'Q', argument: 'required' },
  { name: 'qemu-suffix', long: 'qemu-suffix', short: 'F', argument: 'required' },
  { name: 'debian', long: 'debian', short: 'd', argument: 'none' },
  { name: 'systemd', long: 'systemd', short: 's', argument: 'required' },
  { name: 'exportdir', long: 'exportdir', short: 'e', argument: 'required' },
  { name: 'preserve-argv0', long: 'preserve-argv0', short: 'g', argument: 'required' },
  { name: 'ignore-family', long: 'ignore-family', short: 'i', argument: 'required' },
] as const satisfies readonly OptionKind[];

type OptionName = (typeof kinds)[number]['name'];

/** What stands where the command line does not say it. */
export interface WishDefaults {
  readonly qemuPath: string;
  readonly qemuSuffix: string;
}

/**
 * Pure: what is to be done. Of an option that is given twice the last one counts, as in QEMU's script.
 *
 * @param defaults by default those of the image
 * @throws AnyarchError ANYARCH_USAGE
 */
export function readWish(
  words: readonly string[],
  environment: Environment,
  defaults: WishDefaults = { qemuPath: imagePath(environment), qemuSuffix: '-static' },
): MultiarchWish {
  const { options, operands } = getopt(words, kinds);
  const values = new Map<OptionName, string>(options.map(({ name, value = '' }) => [name, value]));
  const given = (name: OptionName): boolean => values.has(name);
  return {
    help: given('help'),
    reset: given('reset'),
    templates: templatesWish(options, values, environment),
    qemuPath: interpreterDirectory(values.get('qemu-path') ?? defaults.qemuPath),
    qemuSuffix: interpreterSuffix(values.get('qemu-suffix') ?? defaults.qemuSuffix),
    credentials: yesOrNo('credential', values),
    fixBinary: yesOrNo('persistent', values),
    preserveArgv0: yesOrNo('preserve-argv0', values),
    ignoreFamily: yesOrNo('ignore-family', values),
    machine: nonEmpty(environment['HOST_ARCH']),
    ignored: operands,
  };
}

/** QEMU_BIN_DIR is the image's; the script's own QEMU_PATH, which it overwrites, is taken where that is not set. */
function imagePath(environment: Environment): string {
  return nonEmpty(environment['QEMU_BIN_DIR']) ?? nonEmpty(environment['QEMU_PATH']) ?? '/usr/bin';
}

function templatesWish(
  options: readonly { readonly name: OptionName; readonly value: string | undefined }[],
  values: ReadonlyMap<OptionName, string>,
  environment: Environment,
): TemplatesWish | undefined {
  const [target, ...others] = new Set(
    options.flatMap(({ name, value = '' }) => (name === 'systemd' ? [value] : [])),
  );
  const directory = values.get('exportdir') ?? nonEmpty(environment['EXPORTDIR']);
  if (target !== undefined && values.has('debian')) {
    throw usage('--systemd and --debian exclude each other', 'run it once with each of them');
  }
  if (target !== undefined) {
    if (others.length > 0) throw usage('--systemd is given more than once', 'name one CPU, or ALL');
    return { kind: 'systemd', target: knownTarget(target), directory: directory ?? '/etc/binfmt.d' };
  }
  return values.has('debian')
    ? { kind: 'debian', target: 'ALL', directory: directory ?? '/usr/share/binfmts' }
    : undefined;
}

function knownTarget(target: string): string {
  const names = ['ALL', ...scriptTargets.map(({ name }) => name)];
  if (names.includes(target)) return target;
  const nearest = suggest(target, names);
  throw new AnyarchError('ANYARCH_UNKNOWN_ARCHITECTURE', `unknown CPU ${quote(target)} behind --systemd`, {
    hint: nearest === undefined ? `known: ${names.join(' ')}` : `did you mean ${nearest}?`,
  });
}

/** The script takes everything but `yes` for `no`, in silence. */
function yesOrNo(name: OptionName, values: ReadonlyMap<OptionName, string>): boolean {
  const value = values.get(name) ?? 'no';
  if (value === 'yes' || value === 'no') return value === 'yes';
  throw usage(`--${name} takes yes or no, here ${quote(value)}`, `--${name} yes`);
}

/** As the shell's `${NAME:-…}`. */
function nonEmpty(text: string | undefined): string | undefined {
  return text === '' ? undefined : text;
}

function usage(message: string, hint: string): AnyarchError {
  return new AnyarchError('ANYARCH_USAGE', message, { hint });
}
