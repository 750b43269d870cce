import { spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { copyFailure, finish, type CopyOptions } from './copy-outcome.ts';
import { receiveDirectory, receiveFile } from './copy-scripts.ts';
import { guestCommand } from './guest-command.ts';
import { sshCommand, type Reached, type ReachedAt } from './ssh-command.ts';

/**
 * Copies a file, or a directory with all that is in it, to the guest, where it belongs to the guest's user.
 *
 * @param source absolute, of the host
 * @param target of the guest: a directory that is there gets it below its own name
 * @throws AnyarchError ANYARCH_FILE, ANYARCH_DISK_FULL of the guest, ANYARCH_MACHINE_STOPPED, ANYARCH_CANCELLED
 */
export async function copyInto(
  { files }: Pick<Host, 'files'>,
  machine: Reached,
  at: ReachedAt,
  { source, target, ...options }: { readonly source: string; readonly target: string } & CopyOptions,
): Promise<void> {
  const status = files.status(source);
  if (status?.kind !== 'file' && status?.kind !== 'directory')
    throw new AnyarchError(
      'ANYARCH_FILE',
      `${source}: ${status === undefined ? 'no such file or directory' : 'neither a file nor a directory'}`,
      { hint: 'a machine is named before a colon: NAME:PATH', details: { path: source } },
    );
  const isContent = /(^|\/)\.{1,2}\/*$/.test(source);
  const name = isContent ? '' : basename(source);
  const script =
    status.kind === 'directory'
      ? [receiveDirectory, 'sh', target, name]
      : [
          receiveFile,
          'sh',
          target,
          name,
          (status.mode & 0o777).toString(8),
          `${status.size}`,
          `${Math.floor(status.modifiedMs / 1000)}`,
        ];
  const [program = '', ...words] = sshCommand(machine, at, {
    options: ['-T'],
    words: [guestCommand(['sh', '-c', ...script])],
  });
  const receiver = spawn(program, words, { stdio: ['pipe', 'ignore', 'pipe'] });
  const packer = status.kind === 'directory' ? pack(source) : undefined;
  const content: Readable = packer?.stdout ?? createReadStream(source);
  const total = packer === undefined ? status.size : undefined;
  let received = 0;
  content.on('data', (chunk: Uint8Array | string) => {
    received += chunk.length;
    options.onProgress?.({ phase: 'upload', subject: basename(source), received, total });
  });
  const broken = new Promise<undefined>((resolve, reject) => {
    content.once('error', reject);
    content.once('close', () => {
      resolve(undefined);
    });
  });
  // A guest that has stopped reading says why itself.
  receiver.stdin.on('error', () => content.destroy());
  content.pipe(receiver.stdin);
  const end = await finish(receiver, packer === undefined ? [] : [packer], options.signal);
  const failure = await broken.catch((error: unknown) =>
    error instanceof Error ? error.message : String(error),
  );
  if (end.failed === undefined && failure === undefined) return;
  throw await copyFailure(machine, at, end, failure ?? `${source} could not be copied`);
}

/** Links stay links: they are not followed, and what they lead to may be elsewhere. */
function pack(source: string) {
  return spawn('tar', ['-C', source, '-cf', '-', '.'], { stdio: ['ignore', 'pipe', 'pipe'] });
}
