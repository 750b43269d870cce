import {
  emulatorFacts,
  findRuntimes,
  matchAdvisories,
  type AdvisoryMatch,
  type Effect,
} from '../../../advisories/index.ts';
import { attributeCrash } from '../../../guest-crash/index.ts';
import { architectureOfFile, type GuestOutcome } from '../../../run/index.ts';
import type { Outcome } from '../../command.ts';
import { guestResult } from '../../guest-result.ts';
import { formatCrash } from '../../reports/crash.ts';
import type { GuestEmulator } from './guest-binds.ts';
import type { Watched } from './watched-guest.ts';

/** @param printed the end of the guest's standard error, where it was read */
export function explainCrash(
  { exitCode, signal, message }: GuestOutcome,
  watched: Watched,
  printed: string | undefined,
): Outcome {
  const crash = attributeCrash({ exitCode, signal, printed });
  const emulated = emulatedOf(watched);
  if (crash === undefined || emulated === undefined) return guestResult(exitCode, message);
  const errorText = formatCrash(crash, {
    emulator: emulated.emulator,
    program: watched.program,
    advisories: knownAdvisories(watched, ['crash'], printed),
  });
  return { exitCode, errorText };
}

/** What is known to go wrong with this emulator and guest. @param text what the guest and its emulators printed */
export function knownAdvisories(
  watched: Watched,
  effects: readonly Effect[],
  text?: string,
): readonly AdvisoryMatch[] {
  const emulated = emulatedOf(watched);
  if (emulated === undefined) return [];
  const { host } = watched.context;
  const situation = {
    emulator: emulatorFacts(host, emulated.emulator.path),
    host: host.system.machine,
    guest: emulated.architecture.name,
    runtimes: findRuntimes(host.files, runtimePlaces(watched)),
    kernelRelease: host.system.kernelRelease,
  };
  return matchAdvisories(situation, { effects, ...(text === undefined ? {} : { text }) });
}

/** A name that is looked up in the guest's PATH tells nothing; its root does. */
function runtimePlaces({ root, program }: Watched): { readonly root?: string; readonly program?: string } {
  if (root !== undefined)
    return { root, ...(program.startsWith('/') ? { program: `${root}${program}` } : {}) };
  return program.includes('/') ? { program } : {};
}

/** Which of the emulators it was; undefined where that cannot be told, or where the program is native. */
export function emulatedOf({ context, emulated, program, root }: Watched): GuestEmulator | undefined {
  if (root !== undefined) return emulated.length === 1 ? emulated[0] : undefined;
  if (!program.includes('/')) return undefined;
  const { files } = context.host;
  if (files.status(program)?.kind !== 'file') return undefined;
  const name = architectureOfFile(files, program)?.name;
  return emulated.find(({ architecture }) => architecture.name === name);
}
