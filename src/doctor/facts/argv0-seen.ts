import { AT_FDCWD } from '../../core/launcher/constants.ts';
import { buildLauncher } from '../../core/launcher/build-launcher.ts';
import { launcherHosts } from '../../core/launcher/find-launcher-host.ts';
import type { Program } from '../../core/launcher/program.ts';
import type { Examination } from '../examination.ts';
import { fact } from '../examination.ts';
import { withForeignProgram } from './trial.ts';

/**
 * What a foreign program is told as its name and arguments, found by executing one that looks:
 * `preserved`: what it was started as; `path`: its path instead; `shifted`: its path, and the name as an argument.
 */
export type Argv0Seen = 'preserved' | 'path' | 'shifted' | 'unknown';

/** @param architecture QEMU's target name */
export function argv0Seen(examination: Examination, architecture: string): Argv0Seen {
  const known = seen(examination);
  const found = known.get(architecture) ?? look(examination, architecture);
  known.set(architecture, found);
  return found;
}

const seen = fact(() => new Map<string, Argv0Seen>());

/** Nothing is called so in the working directory, so that it can be told from a path. */
const name = 'anyarch-argv0';

const exitCodes: Readonly<Record<Exclude<Argv0Seen, 'unknown'>, number>> = {
  preserved: 42,
  path: 43,
  shifted: 44,
};

/** Ends with one of the exit codes. */
const looking: Program = {
  steps: [
    // The second word of the arguments: NULL where it has none.
    {
      call: 'evaluate',
      arguments: [{ argument: 1 }],
      when: { equals: 0, goTo: 'alone' },
      onError: { goTo: 'shifted' },
    },
    { label: 'shifted', call: 'exit_group', arguments: [exitCodes.shifted] },
    {
      label: 'alone',
      call: 'faccessat',
      arguments: [AT_FDCWD, { argument: 0 }, 0],
      onError: { goTo: 'other' },
    },
    { call: 'exit_group', arguments: [exitCodes.path] },
    { label: 'other', call: 'exit_group', arguments: [exitCodes.preserved] },
  ],
};

function look(examination: Examination, architecture: string): Argv0Seen {
  const guest = launcherHosts.find((one) => one.name === architecture);
  if (guest === undefined) return 'unknown';
  const outcome = withForeignProgram(examination, buildLauncher(guest, looking), (path) =>
    examination.host.executor.execute(path, [], { argv0: name, timeoutMs: 5000 }),
  );
  if (outcome.kind !== 'exited') return 'unknown';
  const found = Object.entries(exitCodes).find(([, code]) => code === outcome.code);
  return (found?.[0] as Argv0Seen | undefined) ?? 'unknown';
}
