import { architectures, findArchitecture } from '../../core/architecture.ts';
import type { Architecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import { chooseEmulator, fetchEmulators, requireEmulator, withKnownAnswers } from '../../emulators/index.ts';
import type { Emulator, FetchOptions } from '../../emulators/index.ts';
import { fetchGuest, findGuest } from '../../guest/index.ts';
import type { Guest } from '../../guest/index.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import type { Host } from '../../host/host.ts';
import type { Context } from '../command.ts';
import { withProgress } from '../progress.ts';
import type { GuestEmulator } from './run/guest-binds.ts';
import { interposedEmulators, knownInterposed, type Lasting, type PlainOptions } from './interposed.ts';

/** Options that say what may be fetched, and from where. */
export interface ObtainOptions extends PlainOptions {
  readonly 'no-fetch'?: boolean;
  readonly mirror?: string;
}

/**
 * The emulator of this machine, or else one fetched from Debian; with the interposer, unless that is not wanted or cannot be.
 *
 * @throws AnyarchError ANYARCH_EMULATOR_NOT_FOUND with `--no-fetch` or for a path, else what fetching throws
 */
export async function obtainEmulator(
  context: Context,
  architecture: Architecture,
  options: ObtainOptions,
  lasting: Lasting = {},
): Promise<Emulator> {
  const choice = options.qemu === undefined ? {} : { qemu: options.qemu };
  const present = chooseEmulator(context.host, architecture.name, choice).emulator;
  if (present === undefined) await fetchMissing(context, [architecture.name], options);
  const chosen = present ?? requireEmulator(context.host, architecture.name, choice);
  const [interposed] = await interposedEmulators(context, [chosen], options, lasting);
  return interposed?.emulator ?? chosen;
}

/**
 * Fetches the emulators that this machine does not have. What cannot be fetched is left to the caller to report, each
 * architecture by itself; what concerns all of them is thrown.
 */
export async function obtainEmulators(
  context: Context,
  names: readonly string[],
  options: ObtainOptions,
): Promise<void> {
  const choice = options.qemu === undefined ? {} : { qemu: options.qemu };
  const native = await nativeNames(context.host);
  const missing = names
    .map((name) => findArchitecture(name).name)
    .filter((name) => !native.has(name) && chooseEmulator(context.host, name, choice).emulator === undefined);
  if (missing.length > 0) await fetchMissing(context, missing, options);
}

async function fetchMissing(
  context: Context,
  targets: readonly string[],
  options: ObtainOptions,
): Promise<void> {
  // A version can be fetched; "system" or a path cannot.
  const isVersion = options.qemu === undefined || /^\d+(\.\d+)*$/.test(options.qemu);
  if (options['no-fetch'] === true || !isVersion) return;
  context.host.log.info(`fetching QEMU for ${targets.join(', ')} from Debian (once)`);
  const report = await withProgress(context, (onProgress) =>
    fetchEmulators(context.host, {
      targets,
      ...fetchOptions(context, options),
      version: options.qemu,
      onProgress,
    }),
  );
  const failure = report.results.find((result) => result.outcome === 'failed');
  if (failure?.outcome === 'failed' && targets.length === 1) throw failure.error;
}

export function fetchOptions(
  context: Context,
  options: { readonly mirror?: string },
): Pick<FetchOptions, 'mirror' | 'signal'> {
  return { mirror: options.mirror, signal: context.signal };
}

/** The embedded guest of an architecture: Debian's busybox. */
export async function obtainGuest(context: Context, name: string, options: ObtainOptions): Promise<Guest> {
  const present = findGuest(context.host, name);
  if (present !== undefined) return present;
  if (options['no-fetch'] === true)
    throw new AnyarchError('ANYARCH_PACKAGE_NOT_FOUND', `there is no root file system for ${name} yet`, {
      hint: 'leave --no-fetch out once, or name one with --rootfs',
    });
  context.host.log.info(`fetching busybox for ${name} from Debian (once)`);
  return await withProgress(context, (onProgress) =>
    fetchGuest(context.host, { architecture: name, ...fetchOptions(context, options), onProgress }),
  );
}

/** Whether this machine has any emulator. */
export function hasEmulators({ host }: Context): boolean {
  return architectures.some(({ name }) => chooseEmulator(host, name).emulator !== undefined);
}

/** Whatever this machine has an emulator for, and does not run by itself. */
export async function presentEmulators(context: Context, options: PlainOptions): Promise<GuestEmulator[]> {
  const { host } = context;
  const native = await nativeNames(host);
  const emulated = withKnownAnswers(host, stateDirectory(host.system), (knowing) =>
    architectures.flatMap((architecture) => {
      if (native.has(architecture.name)) return [];
      const { emulator } = chooseEmulator(knowing, architecture.name);
      return emulator === undefined ? [] : [{ architecture, emulator }];
    }),
  );
  // A run of everything makes none: it would wait for ten. What was registered or run by name has been made.
  const interposed = knownInterposed(context, options);
  if (emulated.length > 0)
    return emulated.map(({ architecture, emulator }) => ({ architecture, emulator: interposed(emulator) }));
  throw new AnyarchError('ANYARCH_EMULATOR_NOT_FOUND', 'this machine has no emulator yet', {
    hint: 'anyarch emulators fetch, or name the architecture: anyarch run -a ARCH',
  });
}

/**
 * Architectures that run here without an emulator, found by executing probes. Loads what it needs by itself: a hot
 * `anyarch run` does not come here.
 */
export async function nativeNames(host: Host): Promise<ReadonlySet<string>> {
  const { nativeArchitectures, readTable, withProver } = await import('../../registration/index.ts');
  return withProver(host, stateDirectory(host.system), (prover) =>
    nativeArchitectures(host, readTable(host), prover),
  );
}
