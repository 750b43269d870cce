import { spawn } from 'node:child_process';
import { createWriteStream, openSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { temporaryName } from '../../host/temporary-name.ts';
import { copyFailure, finish, type CopyOptions } from './copy-outcome.ts';
import { send } from './copy-scripts.ts';
import { guestCommand } from './guest-command.ts';
import { hostFull, saysNoSpace } from './no-space.ts';
import { readLine } from './read-line.ts';
import { sshCommand, type Reached, type ReachedAt } from './ssh-command.ts';
import { unpackTree } from './unpack-tree.ts';

/**
 * Copies a file, or a directory with all that is in it, from the guest. It becomes the caller's, without set-user-id
 * bits and devices: a guest is not trusted.
 *
 * @param source of the guest
 * @param target absolute, of the host: a directory that is there gets it below its own name
 * @throws AnyarchError ANYARCH_FILE, ANYARCH_DISK_FULL with nothing of it left, ANYARCH_MACHINE_STOPPED, ANYARCH_CANCELLED
 */
export async function copyOutOf(
  host: Pick<Host, 'files' | 'system'>,
  machine: Reached,
  at: ReachedAt,
  { source, target, ...options }: { readonly source: string; readonly target: string } & CopyOptions,
): Promise<void> {
  const place = placeOf(host, source, target);
  const [program = '', ...words] = sshCommand(machine, at, {
    options: ['-T'],
    words: [guestCommand(['sh', '-c', send, 'sh', source])],
  });
  const sender = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'] });
  const ending = finish(sender, [], options.signal);
  const content = sender.stdout;
  const header = await readLine(content, 200);
  const file = fileHeader(header);
  let received = 0;
  content.on('data', (chunk: Uint8Array) => {
    received += chunk.length;
    options.onProgress?.({ phase: 'download', subject: basename(source), received, total: file?.bytes });
  });
  const failure =
    file !== undefined
      ? await writeFile(content, place, file)
      : header === 'd'
        ? await unpackTree(host, content, { path: place, isNamed: place === target })
        : 'nothing was sent';
  if (failure !== undefined) sender.kill('SIGTERM');
  const end = await ending;
  if (failure === undefined && end.failed === undefined) return;
  if (failure !== undefined && saysNoSpace(failure)) throw hostFull(place, failure);
  const own = header === undefined ? end : { ...end, message: failure ?? end.message };
  throw await copyFailure(machine, at, own, `${source} could not be copied`);
}

/** A directory that is there gets it below its name; what ends with a slash must be one. */
function placeOf({ files }: Pick<Host, 'files'>, source: string, target: string): string {
  const isContent = /(^|\/)\.{1,2}\/*$/.test(source);
  if (files.status(target)?.kind === 'directory')
    return isContent ? target : `${target.replace(/\/$/, '')}/${basename(source)}`;
  if (!/\/\.?$/.test(target)) return target;
  throw new AnyarchError('ANYARCH_FILE', `${target}: no such directory`, {
    hint: `mkdir -p ${target}`,
    details: { path: target },
  });
}

interface FileHeader {
  readonly mode: number;
  readonly bytes: number;
  readonly seconds: number;
}

function fileHeader(header: string | undefined): FileHeader | undefined {
  const [, mode, bytes, seconds] = /^f ([0-7]+) (\d+) (-?\d+)$/.exec(header ?? '') ?? [];
  if (mode === undefined) return undefined;
  return { mode: Number.parseInt(mode, 8) & 0o777, bytes: Number(bytes), seconds: Number(seconds) };
}

/** @returns what went wrong; then the place is as it was */
async function writeFile(content: Readable, place: string, header: FileHeader): Promise<string | undefined> {
  const temporary = temporaryName(place, process.pid);
  try {
    // At once: a stream that opens it later could do so after its removal below.
    const fd = openSync(temporary, 'wx', header.mode);
    const written = await new Promise<number>((resolve, reject) => {
      const output = createWriteStream(temporary, { fd });
      let arrived = 0;
      content.on('data', (chunk: Uint8Array) => {
        arrived += chunk.length;
        // It said how much it is, and would fill the disk otherwise.
        if (arrived > header.bytes)
          content.destroy(new Error(`${place}: more than its ${header.bytes} bytes arrived`));
      });
      output.once('error', reject);
      content.once('error', (error) => {
        output.destroy();
        reject(error);
      });
      output.once('finish', () => {
        resolve(output.bytesWritten);
      });
      content.pipe(output);
    });
    if (written !== header.bytes) return `${place}: ${written} of ${header.bytes} bytes arrived`;
    utimesSync(temporary, header.seconds, header.seconds);
    renameSync(temporary, place);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    rmSync(temporary, { force: true });
  }
}
