import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findArchitecture, type Architecture } from '../../core/architecture.ts';
import { readElf } from '../../core/elf.ts';
import { AnyarchError } from '../../core/error.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { Host } from '../../host/host.ts';
import {
  architectureOfFile,
  debugCommand,
  debuggerCommand,
  execGuest,
  findSysroot,
  type DebuggedRun,
} from '../../run/index.ts';
import type { Handler, Outcome } from '../command.ts';
import type { debug } from '../commands/debug.ts';
import { directoryOption } from '../directory-option.ts';
import { guestResult } from '../guest-result.ts';
import { obtainEmulator } from './obtain.ts';
import { finishGuest } from './run/watched.ts';

export const handleDebug: Handler<(typeof debug)['options']> = async ({ options, positionals, context }) => {
  const { host } = context;
  const [named = '', ...words] = positionals;
  const port = portOf(options.port);
  const rootfs =
    options.rootfs === undefined
      ? undefined
      : directoryOption(host.files, '--rootfs', options.rootfs, process.cwd());
  const binary = rootfs === undefined ? resolve(named) : join(rootfs, named);
  const refused = refusal(host, named, binary);
  if (refused !== undefined) return refused;
  const architecture =
    options.arch === undefined ? architectureOfFile(host.files, binary) : findArchitecture(options.arch);
  if (architecture === undefined)
    return guestResult(
      126,
      `${binary}: no ELF program of an architecture that QEMU emulates; anyarch explain ${shellWord(binary)} tells more`,
    );
  // What an interposer would execute natively could not be debugged.
  const emulator = await obtainEmulator(context, architecture, { ...options, plain: true });
  const directory = port === undefined ? mkdtempSync(join(tmpdir(), 'anyarch-debug-')) : undefined;
  const run: DebuggedRun = {
    emulator: emulator.path,
    binary,
    arguments: words,
    sysroot: rootfs ?? sysrootOf(host, architecture, binary),
    listen: port ?? join(directory ?? '', 'gdb'),
  };
  try {
    context.terminal.writeError(instructions(host, run, port));
    context.handOverSignals();
    const outcome = await execGuest(debugCommand(run), process.env);
    const watched = { context, emulated: [{ architecture, emulator }], program: binary, root: undefined };
    return await finishGuest(outcome, undefined, watched);
  } finally {
    if (directory !== undefined) rmSync(directory, { recursive: true, force: true });
  }
};

function instructions(host: Host, run: DebuggedRun, port: number | undefined): string {
  const lines = [
    `anyarch: ${run.binary} waits for a debugger; in another terminal:`,
    `  ${debuggerCommand(run).map(shellWord).join(' ')}`,
    ...(isInstalled(host, 'gdb-multiarch')
      ? []
      : ['  (it is not installed: apt-get install gdb-multiarch, or a gdb that was built for all targets)']),
    ...(port === undefined
      ? []
      : [`  whoever reaches port ${port} of this machine controls the program; without --port only you do`]),
  ];
  return `${lines.join('\n')}\n`;
}

function isInstalled({ files, system }: Pick<Host, 'files' | 'system'>, program: string): boolean {
  const directories = (system.environment['PATH'] ?? '').split(':').filter((one) => one.startsWith('/'));
  return directories.some((directory) => files.isExecutable(`${directory}/${program}`));
}

/** @throws AnyarchError ANYARCH_USAGE */
function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (/^\d+$/.test(text) && port > 0 && port < 65_536) return port;
  throw new AnyarchError(
    'ANYARCH_USAGE',
    `--port takes a number from 1 to 65535, not "${text.slice(0, 60)}"`,
    {
      hint: 'anyarch debug --port 1234 ./program; without it a socket is used, which nobody else reaches',
    },
  );
}

function refusal(host: Host, named: string, binary: string): Outcome | undefined {
  const status = host.files.status(binary);
  if (status === undefined) return guestResult(127, `${named}: not found (${binary})`);
  return status.kind === 'file' ? undefined : guestResult(126, `${binary}: not a regular file`);
}

function sysrootOf(host: Host, architecture: Architecture, binary: string): string | undefined {
  const size = host.files.status(binary)?.size ?? 0;
  const { interpreter } = readElf({
    size,
    read: (offset, length) => host.files.readAt(binary, offset, length),
  });
  return findSysroot(host.files, architecture, interpreter);
}
