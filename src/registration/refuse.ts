import { architectures } from '../core/architecture.ts';
import { AnyarchError } from '../core/error.ts';
import { entryNames } from './names.ts';
import type { PlanInput, Wanted } from './plan-data.ts';
import { matchesHeader, sampleHeader } from './sample.ts';

/** Why this must not be registered; undefined when nothing speaks against it. */
export function refusalOf(
  wanted: Wanted,
  { native, force }: Pick<PlanInput, 'native' | 'force'>,
): AnyarchError | undefined {
  return (
    loop(wanted) ??
    // What is not in this file system cannot be looked at: it may be a program of the very architecture.
    (force && wanted.emulatorHeader !== undefined ? undefined : nativeArchitecture(wanted, native)) ??
    takesNativePrograms(wanted, native) ??
    foreignEmulator(wanted, native) ??
    dynamicEmulator(wanted) ??
    (force ? undefined : replaceableEmulator(wanted))
  );
}

/**
 * The kernel would start the emulator with itself for ever. It refuses every program that the rule takes: with ELOOP, or
 * behind flag O or C with ENOEXEC.
 */
function loop({ architecture, emulator, emulatorHeader, flags }: Wanted): AnyarchError | undefined {
  if (emulatorHeader === undefined || !matchesHeader(architecture, emulatorHeader)) return undefined;
  const errno = flags.openBinary || flags.credentials ? 'ENOEXEC' : 'ELOOP';
  return new AnyarchError(
    'ANYARCH_NATIVE_ARCHITECTURE',
    `refused to register ${architecture.name}: the emulator ${emulator.path} is itself a program for ${architecture.name}, so every such program would fail with ${errno}`,
    {
      hint: `${architecture.name} programs need no emulator here; for one program: anyarch exec -a ${architecture.name} PROGRAM`,
    },
  );
}

function nativeArchitecture(
  { architecture: { name } }: Wanted,
  native: ReadonlySet<string>,
): AnyarchError | undefined {
  return native.has(name) ? nativeError(name) : undefined;
}

/** Why an architecture that runs natively is not registered. */
export function nativeError(name: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_NATIVE_ARCHITECTURE',
    `refused to register ${name}: this kernel runs ${name} programs natively`,
    {
      hint: `nothing needs to be registered; to emulate them all the same (about 10 times slower): anyarch register ${name} --force`,
    },
  );
}

/** Holds even with force: nobody asked for that other architecture. */
function takesNativePrograms(
  { architecture }: Wanted,
  native: ReadonlySet<string>,
): AnyarchError | undefined {
  const taken = architectures.find(
    (other) =>
      other.name !== architecture.name &&
      native.has(other.name) &&
      matchesHeader(architecture, sampleHeader(other)),
  );
  if (taken === undefined) return undefined;
  return new AnyarchError(
    'ANYARCH_NATIVE_ARCHITECTURE',
    `refused to register ${architecture.name}: its rule also matches ${taken.name} programs, which this kernel runs natively`,
  );
}

function foreignEmulator(
  { emulator, emulatorHeader }: Wanted,
  native: ReadonlySet<string>,
): AnyarchError | undefined {
  if (emulatorHeader === undefined) return undefined;
  const itsOwn = architectures.find((one) => matchesHeader(one, emulatorHeader));
  if (itsOwn !== undefined && native.has(itsOwn.name)) return undefined;
  const what =
    itsOwn === undefined
      ? 'no ELF program that anyarch knows'
      : `a program for ${itsOwn.name}, which does not run natively here`;
  return new AnyarchError(
    'ANYARCH_EMULATOR_UNUSABLE',
    `refused to register ${emulator.path}: it is ${what}`,
    {
      hint: `anyarch emulators fetch ${emulator.target}`,
    },
  );
}

/** With F the kernel pins the emulator, but not its loader and libraries: containers do not have them (ENOENT). */
function dynamicEmulator({ emulator, flags }: Wanted): AnyarchError | undefined {
  if (!flags.fixBinary || emulator.linkage !== 'dynamic') return undefined;
  return new AnyarchError(
    'ANYARCH_EMULATOR_UNUSABLE',
    `refused to register ${emulator.path} with flag F: it is dynamically linked, and containers do not have its loader`,
    {
      hint: `use a static one: anyarch emulators fetch ${emulator.target}; for programs outside containers only: --no-fix-binary`,
    },
  );
}

/** With C it runs as root for setuid programs: who supplies it, is root. */
function replaceableEmulator({ architecture, emulator, untrusted }: Wanted): AnyarchError | undefined {
  if (untrusted === undefined) return undefined;
  return new AnyarchError(
    'ANYARCH_EMULATOR_UNTRUSTED',
    `refused to register ${emulator.path} with flag C: ${untrusted}, and who can replace it could run anything as root`,
    {
      hint: `use one that only root can change: anyarch emulators fetch ${architecture.name}; to trust them all the same: --force`,
    },
  );
}

export function nameTaken({ architecture: { name } }: Wanted, held: string): AnyarchError {
  const { canonical, fallback, temporary } = entryNames(name);
  return new AnyarchError(
    'ANYARCH_REGISTER_FAILED',
    `no name is left for ${name}: entries that anyarch did not make are called ${held} or ${temporary}`,
    {
      hint: `look at them with: anyarch status; then remove one of ${canonical}, ${fallback}, ${temporary} with the tool that made it`,
    },
  );
}
