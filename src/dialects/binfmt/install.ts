import { findArchitecture, type Architecture } from '../../core/architecture.ts';
import { errorCodes } from '../../core/error-code.ts';
import { AnyarchError } from '../../core/error.ts';
import { quote } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import {
  nativeArchitectures,
  readTable,
  register,
  unregister,
  withProver,
  type ArchitectureResult,
} from '../../registration/index.ts';
import { confinementWarnings } from '../confinement/warnings.ts';
import { problemText } from '../problem.ts';
import { emulatorChooser, noEmulatorAtAll } from './choose-emulator.ts';
import { architectureOfWord, goName, splitList } from './platform-word.ts';
import { done, failed, note, warning, type Step } from './step.ts';
import { findSupported } from './supported.ts';

/** What `all` means, as far as there are emulators: QEMU's names of what tonistiigi/binfmt has rules for. */
const all = [
  'x86_64',
  'aarch64',
  'arm',
  'riscv64',
  'ppc64le',
  's390x',
  'i386',
  'mips64el',
  'mips64',
  'loongarch64',
];

/**
 * Registers what `--install` lists with flags C and F, and with P where QEMU_PRESERVE_ARGV0 is set and the emulator can.
 *
 * @throws AnyarchError what concerns all of them
 */
export function install(host: Host, state: string, list: string): Step[] {
  const words = splitList(list);
  const wanted = words
    .filter((word) => word !== 'all')
    .map((word) => [word, architectureOfWord(word)] as const);
  const unknown = wanted.flatMap(([word, architecture]) =>
    architecture === undefined ? [unknownName(word)] : [],
  );
  const named = wanted.flatMap(([, architecture]) => (architecture === undefined ? [] : [architecture]));
  const native = nativeHere(host, state);
  const others = words.includes('all') ? restOfAll(host, state, native) : { wanted: [], steps: [] };
  const isNative = (one: Architecture): boolean => native.has(one.name);
  const nativeOnes = new Set(named.filter(isNative));
  return [
    ...unknown,
    ...[...nativeOnes].map((one) => done(`installing: ${goName(one)} OK (this machine runs it natively)`)),
    ...others.steps,
    ...registerAll(host, state, [...named.filter((one) => !isNative(one)), ...others.wanted]),
  ];
}

function unknownName(word: string): Step {
  const error = new AnyarchError(
    'ANYARCH_UNKNOWN_ARCHITECTURE',
    `unsupported architecture: ${quote(word, 40)}`,
    {
      hint: `known are all, ${all.map((name) => goName(findArchitecture(name))).join(', ')}, and QEMU's other names`,
    },
  );
  return failed(`installing: ${word} ${problemText(error)}`);
}

function nativeHere(host: Host, state: string): ReadonlySet<string> {
  return withProver(host, state, (prover) => nativeArchitectures(host, readTable(host), prover));
}

/** Without what runs already by somebody else's entry, such as Rosetta's: nobody asked for that to change. */
function restOfAll(
  host: Host,
  state: string,
  native: ReadonlySet<string>,
): { readonly wanted: readonly Architecture[]; readonly steps: readonly Step[] } {
  const supported = findSupported(host, state);
  const ours = new Set(
    unregister(host, { architectures: 'all', predecessors: true, dryRun: true, state }).results.map(
      ({ name }) => name,
    ),
  );
  const choose = emulatorChooser(host);
  const candidates = all
    .filter((name) => !native.has(name) && hasEmulator(choose, name))
    .map((name) => findArchitecture(name));
  if (candidates.length === 0) return { wanted: [], steps: [nothingToInstall(host)] };
  const takenBy = ({ name }: Architecture): string | undefined => {
    const entry = supported.architectures.has(name) ? supported.entryFor(name) : undefined;
    return entry === undefined || ours.has(entry) ? undefined : entry;
  };
  return {
    wanted: candidates.filter((one) => takenBy(one) === undefined),
    steps: candidates.flatMap((one) => {
      const entry = takenBy(one);
      return entry === undefined
        ? []
        : [note(`installing: ${goName(one)} not needed, ${entry} of others runs it`)];
    }),
  };
}

function nothingToInstall(host: Host): Step {
  const error = noEmulatorAtAll(host);
  return failed(`installing: all ${problemText(error)}`, errorCodes[error.code]);
}

/** One that is there and cannot be used is an error that is to be seen. */
function hasEmulator(choose: (target: string) => unknown, target: string): boolean {
  try {
    choose(target);
    return true;
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    return error.code !== 'ANYARCH_EMULATOR_NOT_FOUND';
  }
}

function registerAll(host: Host, state: string, wanted: readonly Architecture[]): Step[] {
  if (wanted.length === 0) return [];
  const { results } = register(host, {
    architectures: wanted.map(({ name }) => name),
    credentials: true,
    fixBinary: true,
    preserveArgv0: (host.system.environment['QEMU_PRESERVE_ARGV0'] ?? '') === '' ? false : 'auto',
    adopt: true,
    choose: emulatorChooser(host),
    state,
  });
  return [...results.map(stepOf), ...confined(host)];
}

/** An entry that proves itself in here and is of no use where it is wanted is not what was asked for. */
function confined(host: Host): Step[] {
  const path = host.system.environment['QEMU_BINARY_PATH'];
  const directory = path === undefined || path === '' ? {} : { directory: path };
  return confinementWarnings(host, { fixBinary: true, ...directory }).map(({ message, hint }) =>
    warning(`${message}; next: ${hint}`),
  );
}

function stepOf(result: ArchitectureResult): Step {
  const name =
    result.architecture === undefined ? (result.name ?? '') : goName(findArchitecture(result.architecture));
  if (result.error !== undefined) return failed(`installing: ${name} ${problemText(result.error)}`);
  const shadows = result.shadows.length === 0 ? '' : ` (before ${result.shadows.join(', ')} of others)`;
  return done(`installing: ${name} OK${shadows}`);
}
