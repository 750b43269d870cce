import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { CommandResult } from '../../command.ts';
import { describeFailure } from '../../command.ts';
import { mustRun } from '../foreign.ts';
import type { Laboratory } from '../laboratory.ts';
import { laboratoryWith } from '../laboratory.ts';

/** An engine with a storage of its own, found by its environment alone, as people have it. */
export interface EnginePlace {
  /** On top of the test's; undefined removes. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Programs that have to come first in PATH. */
  readonly programs?: readonly string[];
  /** How a command is started there; default: as it is. */
  readonly place?: (command: readonly string[]) => readonly string[];
  readonly stop: () => Promise<void>;
}

export interface EngineLaboratory extends Laboratory {
  /** Of every command; faults may change it. */
  readonly environment: Record<string, string | undefined>;
}

export interface EngineLaboratoryOptions {
  /** Registered before anything else, Debian's names; what `anyarch` has registered is taken away at the end. */
  readonly registered?: readonly string[];
}

/**
 * Starts the engine before the tests of the enclosing suite, and stops it after them. Each laboratory is on the same engine, and
 * takes its registrations away when it is closed.
 */
export function useEnginePlace<P extends EnginePlace>(
  start: () => Promise<P>,
): {
  readonly open: (options?: EngineLaboratoryOptions) => Promise<EngineLaboratory>;
  readonly place: () => P;
} {
  let started: P | undefined;
  beforeAll(async () => {
    started = await start();
  });
  afterAll(async () => {
    await started?.stop();
  });
  const place = (): P => {
    if (started === undefined) throw new Error('the engine has not been started');
    return started;
  };
  return { place, open: (options) => openLaboratory(place(), options) };
}

async function openLaboratory(
  { environment: given, programs = [], place = (command) => command }: EnginePlace,
  { registered = [] }: EngineLaboratoryOptions = {},
): Promise<EngineLaboratory> {
  const environment = { ...given };
  const plain = laboratoryWith(place, () => Promise.resolve(), environment);
  for (const program of programs)
    symlinkSync(program, join(plain.directory, 'bin', program.slice(program.lastIndexOf('/') + 1)));
  const laboratory: EngineLaboratory = {
    ...plain,
    environment,
    close: async () => {
      if (registered.length > 0) await mustRun(plain, 'unregister');
    },
  };
  if (registered.length > 0) await mustRun(laboratory, 'register', ...registered);
  return laboratory;
}

/** Runs a command in the laboratory to its good end. */
export async function must(laboratory: Laboratory, ...command: readonly string[]): Promise<CommandResult> {
  const result = await laboratory.run(command);
  if (result.exitCode !== 0) throw new Error(describeFailure(result));
  return result;
}
