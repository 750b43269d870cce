import { findArchitecture } from '../../core/architecture.ts';
import { readElf } from '../../core/elf.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { architectureOfFile, execGuest, explicitCommand, findSysroot } from '../../run/index.ts';
import type { Handler } from '../command.ts';
import type { exec } from '../commands/exec.ts';
import { guestResult } from '../guest-result.ts';
import { obtainEmulator } from './obtain.ts';

export const handleExec: Handler<(typeof exec)['options']> = async ({ options, positionals, context }) => {
  const { host } = context;
  const [binary = '', ...words] = positionals;
  requireProgram(host, binary);
  const architecture =
    options.arch === undefined ? architectureOfFile(host.files, binary) : findArchitecture(options.arch);
  if (architecture === undefined)
    throw new AnyarchError(
      'ANYARCH_ELF_INVALID',
      `${binary} is not an ELF program of an architecture that QEMU emulates`,
      {
        hint: `anyarch explain ${binary}`,
      },
    );
  const emulator = await obtainEmulator(context, architecture, options);
  const command = explicitCommand({
    emulator: emulator.path,
    binary,
    arguments: words,
    sysroot: options.sysroot ?? findSysroot(host.files, architecture, loaderOf(host, binary)),
  });
  context.handOverSignals();
  const outcome = await execGuest(command, process.env);
  return guestResult(outcome.exitCode, outcome.message);
};

/** @throws AnyarchError where docker would end with 127 or 126 */
function requireProgram(host: Host, binary: string): void {
  const status = host.files.status(binary);
  if (status === undefined)
    throw new AnyarchError('ANYARCH_FILE', `${binary} does not exist`, {
      hint: 'a program is named by its path, such as ./hello',
    });
  if (status.kind !== 'file') throw new AnyarchError('ANYARCH_FILE', `${binary} is not a regular file`);
}

function loaderOf(host: Host, binary: string): string | undefined {
  const size = host.files.status(binary)?.size ?? 0;
  return readElf({ size, read: (offset, length) => host.files.readAt(binary, offset, length) }).interpreter;
}
