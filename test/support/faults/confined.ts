import type { CommandResult } from '../command.ts';
import { installDeny } from '../guest-roots/deny-call.ts';
import { openPrivateTable } from '../private-table.ts';
import { temporaryDirectory } from '../temporary.ts';
import { join } from 'node:path';
import { laboratoryWith, type Laboratory } from './laboratory.ts';

/** A laboratory in which commands are started by another one, until that is lifted. */
export interface ConfinedLaboratory extends Laboratory {
  /** From now on commands are started by these words. */
  readonly confine: (words: readonly string[]) => Promise<void>;
  readonly lift: () => Promise<void>;
}

export interface ConfinedOptions {
  /** The words that begin each command, whatever confines it. Default: those that enter a private table. */
  readonly place?: readonly string[];
  /** Whether anyarch itself is confined, too. Default true. */
  readonly isAnyarchConfined?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
}

export async function confinedLaboratory(options: ConfinedOptions = {}): Promise<ConfinedLaboratory> {
  const { isAnyarchConfined = true, environment } = options;
  const table = options.place === undefined ? await openPrivateTable() : undefined;
  const enter =
    table === undefined
      ? (options.place ?? [])
      : ['nsenter', '--target', `${table.pid}`, '--user', '--mount', '--preserve-credentials', '--'];
  let confining: readonly string[] = [];
  const laboratory = laboratoryWith(
    (command) => [...enter, ...(command[0] === 'anyarch' && !isAnyarchConfined ? [] : confining), ...command],
    async () => {
      await table?.close();
    },
    environment,
  );
  return {
    ...laboratory,
    confine: (words) => {
      confining = words;
      return Promise.resolve();
    },
    lift: () => {
      confining = [];
      return Promise.resolve();
    },
  };
}

/** The words that start a command which is refused a system call with EPERM, as a seccomp profile does it. */
export async function refusing(call: string): Promise<readonly string[]> {
  const directory = temporaryDirectory('refusing');
  const numbers = await installDeny(directory, [call]);
  return [join(directory, 'opt/deny'), `${numbers.get(call)}`, '1', '/usr/bin/env'];
}

/** Exits with 42, and says nothing: what a probe does. */
export function isProbe({ exitCode }: CommandResult): boolean {
  return exitCode === 42;
}
