import { absolutePath } from '../../core/absolute-path.ts';
import { architectures as allArchitectures, findArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import {
  chooseEmulator,
  requireEmulator,
  type ChooseOptions,
  type InterposedOf,
} from '../../emulators/index.ts';
import type { Host } from '../../host/host.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import {
  disableRootless,
  enableRootless,
  rootlessStatus,
  type EnableOptions,
  type EngineName,
} from '../../rootless/index.ts';
import type { Context, Handler } from '../command.ts';
import type {
  rootlessDisable,
  rootlessEnable,
  rootlessStatus as statusCommand,
} from '../commands/rootless.ts';
import { ownFile } from '../own-package.ts';
import { wantedArchitectures } from '../reports/registration.ts';
import { rootlessOutcome, rootlessStatusOutcome } from '../reports/rootless.ts';
import { interposeWanted } from './interpose-wanted.ts';
import { hasEmulators, nativeNames, obtainEmulators, type ObtainOptions } from './obtain.ts';

export const handleRootlessEnable: Handler<(typeof rootlessEnable)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const dryRun = options['dry-run'] === true;
  const emulated = await wantedEmulators(context, options.arch ?? [], {
    ...options,
    // To fetch is to change something.
    ...(dryRun ? { 'no-fetch': true } : {}),
  });
  const report = await enableRootless(context.host, {
    ...commonOptions(context.host, positionals),
    emulated,
    dryRun,
    force: options.force === true,
  });
  return rootlessOutcome('enable', report, context.terminal.style);
};

export const handleRootlessDisable: Handler<(typeof rootlessDisable)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const report = await disableRootless(context.host, {
    ...commonOptions(context.host, positionals),
    dryRun: options['dry-run'] === true,
    force: options.force === true,
  });
  return rootlessOutcome('disable', report, context.terminal.style);
};

export const handleRootlessStatus: Handler<(typeof statusCommand)['options']> = async ({
  positionals,
  context,
}) =>
  rootlessStatusOutcome(
    await rootlessStatus(context.host, commonOptions(context.host, positionals)),
    context.terminal.style,
  );

function commonOptions(
  { system }: Host,
  positionals: readonly string[],
): Pick<EnableOptions, 'engines' | 'state' | 'command'> {
  return {
    engines: positionals.length === 0 ? 'found' : ([...new Set(positionals)] as EngineName[]),
    // Hooks run in other directories.
    state: absolutePath(stateDirectory(system), process.cwd()),
    command: [process.execPath, ownFile('dist/cli/start.cjs')],
  };
}

const allNames = allArchitectures.map(({ name }) => name);

/** What most images that are there for several platforms are published for. */
const published: readonly string[] = [
  'aarch64',
  'arm',
  'i386',
  'mips64el',
  'ppc64le',
  'riscv64',
  's390x',
  'x86_64',
];

async function wantedEmulators(
  context: Context,
  words: readonly string[],
  options: ObtainOptions & { readonly 'dry-run'?: boolean },
): Promise<EnableOptions['emulated']> {
  const { host } = context;
  const named = wantedArchitectures(words);
  const choice = options.qemu === undefined ? {} : { qemu: options.qemu };
  // Root is refused before anything is fetched.
  const mayFetch = host.system.uid !== 0;
  if (named !== 'all') {
    if (mayFetch) await obtainEmulators(context, named, options);
    const of = await interposed(context, named, options, choice);
    const native = await nativeNames(host);
    return named.map((name) => {
      const architecture = findArchitecture(name);
      if (native.has(architecture.name)) throw runsByItself(name);
      return { architecture, emulator: of(requireEmulator(host, architecture.name, choice)) };
    });
  }
  if (mayFetch && !hasEmulators(context)) await obtainEmulators(context, published, options);
  const of = await interposed(context, allNames, options, choice);
  const native = await nativeNames(host);
  const emulated = allArchitectures.flatMap((architecture) => {
    if (native.has(architecture.name)) return [];
    const { emulator } = chooseEmulator(host, architecture.name, choice);
    return emulator === undefined ? [] : [{ architecture, emulator: of(emulator) }];
  });
  if (emulated.length > 0 || !mayFetch) return emulated;
  throw new AnyarchError('ANYARCH_EMULATOR_NOT_FOUND', 'this machine has no emulator yet', {
    hint: 'anyarch emulators fetch, or without --no-fetch and --dry-run: anyarch rootless enable',
  });
}

/** Root is refused before anything is made; what is only planned makes nothing. */
async function interposed(
  context: Context,
  names: readonly string[],
  options: ObtainOptions & { readonly 'dry-run'?: boolean },
  choice: ChooseOptions,
): Promise<InterposedOf> {
  const isPlanned = options['dry-run'] === true || context.host.system.uid === 0;
  const { of } = await interposeWanted(context, names, { ...options, 'dry-run': isPlanned, choice });
  return of;
}

function runsByItself(name: string): AnyarchError {
  return new AnyarchError('ANYARCH_NATIVE_ARCHITECTURE', `this machine runs ${name} by itself`, {
    hint: 'leave it out: its containers run without anyarch',
  });
}
