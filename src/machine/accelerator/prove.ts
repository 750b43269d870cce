import type { Host } from '../../host/host.ts';
import { sandboxFor } from '../command-line/sandbox-words.ts';
import type { Tools } from '../tools/tools.ts';
import { payloadText, type Payload } from './payload.ts';

export type Proof = { readonly works: true } | { readonly works: false; readonly reason: string };

/** Milliseconds; a payload needs a hundred. */
const timeoutMs = 10_000;

/**
 * Boots the payload. That a device file is there says nothing: it may be another user's, or of a machine that is itself virtual
 * and runs no guests.
 *
 * @param directory made for it, and removed
 */
export function proveAccelerator(
  { processes, files }: Pick<Host, 'processes' | 'files'>,
  { qemu, environment }: Pick<Tools, 'qemu' | 'environment'>,
  payload: Payload,
  accelerator: { readonly name: 'kvm' | 'tcg'; readonly cpu: string },
  directory: string,
): Proof {
  const image = `${directory}/payload.bin`;
  files.makeDirectory(directory, 0o700);
  files.createExclusive(image, payload.image);
  try {
    const words = ['-no-user-config', '-nodefaults', '-display', 'none', '-m', '64M'];
    const command = [
      ...qemu.words,
      ...words,
      ...sandboxFor(qemu),
      '-accel',
      accelerator.name,
      '-cpu',
      accelerator.cpu,
      ...payload.words.map((word) => (word === 'FILE' ? image : word)),
    ];
    // A QEMU that KVM makes fail may leave a core file where it runs.
    const result = processes.run(command, { environment, timeoutMs, directory });
    if (result.exitCode === payload.exitCode && result.stdout.includes(payloadText)) return { works: true };
    if (result.timedOut)
      return { works: false, reason: `a guest does not get anywhere in ${timeoutMs / 1000} s` };
    const message = result.stderr.trim().split('\n').at(-1) ?? '';
    const ended = result.signal ?? `exit code ${result.exitCode ?? 'none'}`;
    return { works: false, reason: message === '' ? `a guest does not start (${ended})` : message };
  } finally {
    files.remove(directory);
  }
}
