import { findArchitecture } from '../../core/architecture.ts';
import { readElf } from '../../core/elf.ts';
import type { Host } from '../../host/host.ts';
import { architectureOfFile, execGuest, explicitCommand, findSysroot } from '../../run/index.ts';
import type { Handler, Outcome } from '../command.ts';
import type { exec } from '../commands/exec.ts';
import { directoryOption } from '../directory-option.ts';
import { guestResult } from '../guest-result.ts';
import { obtainEmulator } from './obtain.ts';
import { finishGuest, watchGuest } from './run/watched.ts';

export const handleExec: Handler<(typeof exec)['options']> = async ({ options, positionals, context }) => {
  const { host } = context;
  const [binary = '', ...words] = positionals;
  const refused = refusal(host, binary);
  if (refused !== undefined) return refused;
  const architecture =
    options.arch === undefined ? architectureOfFile(host.files, binary) : findArchitecture(options.arch);
  if (architecture === undefined)
    return guestResult(
      126,
      `${binary}: no ELF program of an architecture that QEMU emulates; anyarch explain ${binary} tells more`,
    );
  const sysroot =
    options.sysroot === undefined
      ? findSysroot(host.files, architecture, loaderOf(host, binary))
      : directoryOption(host.files, '--sysroot', options.sysroot, process.cwd());
  const emulator = await obtainEmulator(context, architecture, options);
  const command = explicitCommand({
    emulator: emulator.path,
    binary,
    arguments: words,
    sysroot,
  });
  context.handOverSignals();
  const watched = {
    context,
    emulated: [{ architecture, emulator }],
    program: binary,
    root: undefined,
  } as const;
  const watch = await watchGuest(options, watched);
  try {
    const environment = { ...process.env, ...variables(watch?.environment ?? []) };
    return await finishGuest(await execGuest(command, environment, watch), watch, watched);
  } finally {
    watch?.close();
  }
};

function variables(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]),
  );
}

/** What a shell would say about a path that is no program. */
function refusal(host: Host, binary: string): Outcome | undefined {
  const status = host.files.status(binary);
  if (status === undefined)
    return guestResult(127, `${binary}: not found; a program is named by its path, such as ./hello`);
  return status.kind === 'file' ? undefined : guestResult(126, `${binary}: not a regular file`);
}

function loaderOf(host: Host, binary: string): string | undefined {
  const size = host.files.status(binary)?.size ?? 0;
  return readElf({ size, read: (offset, length) => host.files.readAt(binary, offset, length) }).interpreter;
}
