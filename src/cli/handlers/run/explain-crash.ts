import { matchAdvisories, type Effect } from '../../../advisories/index.ts';
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
    advisories: knownAdvisories(watched, ['crash']),
  });
  return { exitCode, errorText };
}

/** What is known to go wrong with this emulator and guest. */
export function knownAdvisories(
  watched: Watched,
  effects: readonly Effect[],
): ReturnType<typeof matchAdvisories> {
  const emulated = emulatedOf(watched);
  if (emulated === undefined) return [];
  const { machine, kernelRelease } = watched.context.host.system;
  return matchAdvisories(
    {
      emulator: { version: emulated.emulator.version, linkage: emulated.emulator.linkage },
      host: machine,
      guest: emulated.architecture.name,
      kernelRelease,
    },
    { effects },
  );
}

/** Which of the emulators it was; undefined where that cannot be told, or where the program is native. */
export function emulatedOf({ context, emulated, program, isHostRoot }: Watched): GuestEmulator | undefined {
  if (!isHostRoot) return emulated.length === 1 ? emulated[0] : undefined;
  if (!program.includes('/')) return undefined;
  const { files } = context.host;
  if (files.status(program)?.kind !== 'file') return undefined;
  const name = architectureOfFile(files, program)?.name;
  return emulated.find(({ architecture }) => architecture.name === name);
}
