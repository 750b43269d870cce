import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandResult } from '../command.ts';
import { run } from '../command.ts';
import { executable, offline, withJson, type CliResult } from '../engines/cli.ts';
import { openPrivateTable, type PrivateTableOptions } from '../private-table.ts';
import { temporaryDirectory } from '../temporary.ts';

/** Where a fault is made. */
export interface Laboratory {
  /** A directory for files, gone with the test run. */
  readonly directory: string;
  /** ANYARCH_HOME of every command. */
  readonly home: string;
  /** Runs a command where the fault is, with `anyarch` in its PATH. */
  readonly run: (command: readonly string[], input?: string) => Promise<CommandResult>;
  readonly anyarch: (args: readonly string[], input?: string) => Promise<CliResult>;
  /** Where commands are an ordinary user's: as root of that machine, for remedies that need it. */
  readonly asRoot?: (command: readonly string[]) => Promise<CommandResult>;
  readonly close: () => Promise<void>;
}

/** As root of a user namespace with an empty binfmt_misc table of its own; the host's files, the host's table untouched. */
export async function privateLaboratory(options: PrivateTableOptions = {}): Promise<Laboratory> {
  const { pid, close } = await openPrivateTable(options);
  const enter = ['nsenter', '--target', `${pid}`, '--user', '--mount', '--preserve-credentials', '--'];
  return laboratoryWith((command) => [...enter, ...command], close);
}

/** @param place how a command is started where the fault is */
export function laboratoryWith(
  place: (command: readonly string[]) => readonly string[],
  close: () => Promise<void>,
  more: Readonly<Record<string, string | undefined>> = {},
): Laboratory {
  const directory = temporaryDirectory('fault');
  const home = join(directory, 'home');
  const bin = join(directory, 'bin');
  mkdirSync(bin);
  symlinkSync(executable, join(bin, 'anyarch'));
  const runThere = (command: readonly string[], input?: string): Promise<CommandResult> => {
    const environment = {
      ...process.env,
      ...offline,
      ANYARCH_HOME: home,
      PATH: `${bin}:${process.env['PATH'] ?? ''}`,
      ...more,
    };
    return run(place(command), { environment, ...(input === undefined ? {} : { input }) });
  };
  return {
    directory,
    home,
    run: runThere,
    anyarch: async (args, input) => withJson(await runThere(['anyarch', ...args], input)),
    close,
  };
}
