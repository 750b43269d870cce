import { architectures, findArchitecture, type Architecture } from '../core/architecture.ts';
import { AnyarchError } from '../core/error.ts';
import type { Flags } from '../core/flags.ts';
import { ruleLimits } from '../core/rule.ts';
import type { Emulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import { rootOwners, untrustedPath } from '../host/trusted-path.ts';
import type { Wanted } from './plan-data.ts';
import { nativeError } from './refuse.ts';
import { blankResult, reportedError, type ArchitectureResult } from './report.ts';

export interface FlagOptions {
  /** Flag C: foreign setuid programs gain their rights. Default false. */
  readonly credentials?: boolean;
  /** Flag F: containers need no copy of the emulator. Default true. */
  readonly fixBinary?: boolean;
  /** Flag P. Default `auto`: where the emulator supports it. */
  readonly preserveArgv0?: boolean | 'auto';
}

export type Choose = (target: string) => Emulator;

/** What can be planned, and the results of what cannot. */
export interface Choice {
  /** QEMU's target names of all that was asked for. */
  readonly order: readonly string[];
  readonly wanted: readonly Wanted[];
  readonly results: readonly ArchitectureResult[];
  /** Wanted by name, but without an emulator. */
  readonly failed: ReadonlySet<string>;
}

/** @param names of any kind; `all` takes everything that there is an emulator for, but nothing native */
export function choose(
  host: Pick<Host, 'files'>,
  names: readonly string[] | 'all',
  native: ReadonlySet<string>,
  options: FlagOptions & { readonly choose: Choose; readonly force?: boolean },
): Choice {
  const wanted: Wanted[] = [];
  const results: ArchitectureResult[] = [];
  const failed = new Set<string>();
  const asked = names === 'all' ? architectures : byName(names);
  for (const architecture of asked) {
    if (names === 'all' && native.has(architecture.name)) {
      results.push(blankResult(architecture.name, 'skip', 'this kernel runs its programs natively'));
      continue;
    }
    if (native.has(architecture.name) && options.force !== true) {
      // Said before anybody looks for an emulator, or the advice would be to fetch one.
      results.push({
        ...blankResult(architecture.name, 'refuse', 'this kernel runs its programs natively'),
        error: reportedError(nativeError(architecture.name)),
      });
      failed.add(architecture.name);
      continue;
    }
    try {
      wanted.push(wantedOf(host, architecture, options));
    } catch (error) {
      if (!(error instanceof AnyarchError)) throw error;
      if (names === 'all' && error.code === 'ANYARCH_EMULATOR_NOT_FOUND') {
        results.push(blankResult(architecture.name, 'skip', 'there is no emulator for it'));
      } else {
        results.push({
          ...blankResult(architecture.name, 'refuse', 'no emulator can be used'),
          error: reportedError(error),
        });
      }
      failed.add(architecture.name);
    }
  }
  return { order: asked.map(({ name }) => name), wanted, results, failed };
}

/** Each architecture once, whatever it was called. Fails before anything is changed. */
export function byName(names: readonly string[]): readonly Architecture[] {
  return [...new Set(names.map((name) => findArchitecture(name)))];
}

function wantedOf(
  host: Pick<Host, 'files'>,
  architecture: Architecture,
  options: FlagOptions & { readonly choose: Choose; readonly force?: boolean },
): Wanted {
  const emulator = options.choose(architecture.name);
  const isUnseen = emulator.origin === 'unseen';
  return {
    architecture,
    emulator,
    flags: flagsFor(emulator, options),
    emulatorHeader: isUnseen ? undefined : host.files.readAt(emulator.path, 0, ruleLimits.header),
    untrusted:
      options.credentials === true && !isUnseen
        ? untrustedPath(host.files, host.files.resolve(emulator.path), rootOwners(host.files))
        : undefined,
  };
}

function flagsFor(
  emulator: Emulator,
  { credentials = false, fixBinary = true, preserveArgv0 = 'auto' }: FlagOptions,
): Flags {
  return {
    fixBinary,
    credentials,
    openBinary: credentials,
    preserveArgv0: preserveArgv0 === 'auto' ? emulator.preservesArgv0 : preserveArgv0,
  };
}
