import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { SystemError } from '../../host/system-error.ts';
import { sandboxWords } from '../command-line/sandbox-words.ts';
import type { Qemu } from './tools.ts';

/**
 * Asks the emulator for its version, and whether it has a sandbox: one that does not even answer is of no use.
 *
 * @throws AnyarchError ANYARCH_EMULATOR_NOT_FOUND, ANYARCH_EMULATOR_UNUSABLE
 */
export function qemuOf(
  { processes, files }: Pick<Host, 'processes' | 'files'>,
  words: readonly string[],
  file: string,
  environment: Readonly<Record<string, string | undefined>>,
): Qemu {
  const ask = (...further: readonly string[]) => {
    const command = [...words, ...further, '--version'];
    const result = processes.run(command, { environment, timeoutMs: 30_000 });
    const version = /^QEMU emulator version (\d+(?:\.\d+)*(?:-rc\d+)?)/.exec(result.stdout)?.[1];
    return { result, version: result.exitCode === 0 ? version : undefined };
  };
  // It reads its words in their order, and ends at one that it was built without, or that this kernel cannot do.
  const sandboxed = ask(...sandboxWords);
  const { result, version } = sandboxed.version === undefined ? ask() : sandboxed;
  if (version === undefined) {
    const message = result.stderr.trim().split('\n').at(-1) ?? '';
    const said = result.stdout.trim().split('\n')[0]?.slice(0, 80) ?? '';
    const silent =
      result.exitCode === 0 ? `--version makes it say "${said}"` : `exit code ${result.exitCode ?? 'none'}`;
    const why = result.startError ?? (message === '' ? silent : message);
    throw new AnyarchError(
      result.startError === 'ENOENT' ? 'ANYARCH_EMULATOR_NOT_FOUND' : 'ANYARCH_EMULATOR_UNUSABLE',
      `${file} is no QEMU for machines that runs here: ${why}`,
      {
        hint: 'create a machine with a qemu-system-… program (anyarch machine create --qemu PATH), or without --qemu; one that is there needs its own: install it again',
        details: { file, exitCode: result.exitCode ?? -1, stderr: result.stderr.slice(0, 1000) },
      },
    );
  }
  const hasSandbox = sandboxed.version !== undefined;
  return { words, file, version, sha256: digestOf(files, file), hasSandbox };
}

function digestOf(files: Host['files'], file: string): string {
  try {
    return files.sha256(file);
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw new AnyarchError('ANYARCH_EMULATOR_UNUSABLE', `${file} cannot be read: ${error.errno}`, {
      hint: 'may you read it? Or make the machine with another one: anyarch machine create --qemu PATH',
      cause: error,
    });
  }
}
