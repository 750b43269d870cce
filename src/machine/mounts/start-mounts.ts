import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { AnyarchError } from '../../core/error.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import type { Mount } from '../record.ts';
import { virtiofsdWords, type Owner } from './virtiofsd-words.ts';

export interface MountsToStart {
  readonly mounts: readonly Mount[];
  /** Words that start virtiofsd, 1.12 or newer. */
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where each listens, for this user only. */
  readonly socket: (index: number) => string;
  /** File that gets what they print; they outlive us. */
  readonly messages: string;
  readonly signal?: AbortSignal | undefined;
}

export interface StartedMounts {
  /** In the order of the mounts. */
  readonly pids: readonly number[];
  /** For when QEMU did not start: otherwise they end when it does. */
  readonly stop: () => void;
}

type Parts = Pick<Host, 'files' | 'system'>;

/** Milliseconds that one may take to listen, and between two looks. */
const deadlineMs = 20_000;
const pauseMs = 20;

/**
 * Starts a virtiofsd for each mount and waits until QEMU can connect. They have a session of their own, and end when
 * QEMU's connection does.
 *
 * @throws AnyarchError ANYARCH_FILE, ANYARCH_NAMESPACE, ANYARCH_MACHINE_FAILED, ANYARCH_CANCELLED; none runs then
 */
export async function startMounts(host: Parts, request: MountsToStart): Promise<StartedMounts> {
  const children: ChildProcess[] = [];
  // What others said there before is no reason of ours.
  const said = (from: number): string => {
    const size = host.files.status(request.messages)?.size ?? 0;
    return decodeUtf8(host.files.readAt(request.messages, from, size - from));
  };
  const begin = host.files.status(request.messages)?.size ?? 0;
  const stop = (): void => {
    for (const child of children) child.kill('SIGKILL');
    request.mounts.forEach((_, index) => {
      removeSocket(host, request.socket(index));
    });
  };
  try {
    request.mounts.forEach((mount, index) => children.push(start(host, request, mount, index)));
    for (const [index, child] of children.entries())
      await listening(host, request, index, child, () => said(begin));
  } catch (error) {
    stop();
    throw error;
  }
  for (const child of children) child.unref();
  return { pids: children.map(({ pid }) => pid ?? 0), stop };
}

function start(host: Parts, request: MountsToStart, mount: Mount, index: number): ChildProcess {
  const socket = request.socket(index);
  removeSocket(host, socket);
  const [program = '', ...words] = [
    ...request.command,
    ...virtiofsdWords(mount, ownerOf(host, mount), socket),
  ];
  const log = openSync(request.messages, 'a', 0o600);
  try {
    const child = spawn(program, words, {
      detached: true,
      stdio: ['ignore', log, log],
      env: { ...host.system.environment, ...request.environment },
    });
    // The end is seen by `listening`.
    child.on('error', () => undefined);
    return child;
  } finally {
    closeSync(log);
  }
}

/** Root serves whom the directory belongs to; others cannot act for anybody but themselves. */
function ownerOf({ files, system }: Parts, { source }: Mount): Owner {
  const status = files.status(source);
  if (status?.kind !== 'directory')
    throw new AnyarchError('ANYARCH_FILE', `${source}, which the machine mounts, is not there any more`, {
      hint: `mkdir -p ${source}`,
      details: { path: source },
    });
  return system.uid === 0 ? { uid: status.uid, gid: status.gid } : { uid: system.uid, gid: system.gid };
}

async function listening(
  { files }: Parts,
  { socket, mounts, signal }: MountsToStart,
  index: number,
  child: ChildProcess,
  said: () => string,
): Promise<void> {
  for (let waited = 0; ; waited += pauseMs) {
    throwIfCancelled(signal);
    if (files.linkStatus(socket(index)) !== undefined) return;
    const isOver = child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
    if (isOver || waited >= deadlineMs) {
      throw failure(mounts[index]?.source ?? '', said().trim().split('\n').slice(-3).join('\n'), isOver);
    }
    await sleep(pauseMs);
  }
}

function failure(source: string, said: string, isOver: boolean): AnyarchError {
  const message = `virtiofsd, which shows ${source} to the machine, ${isOver ? 'ended' : 'does not listen'}: ${said === '' ? 'it said nothing' : said}`;
  if (/unshare|user namespace|uid_map|EPERM|Operation not permitted/.test(said))
    return new AnyarchError('ANYARCH_NAMESPACE', message, {
      hint: 'it keeps guests inside of the directory by a user namespace; anyarch doctor tells what forbids that here',
    });
  return new AnyarchError('ANYARCH_MACHINE_FAILED', message, {
    hint: /unexpected argument|unrecognized|Usage/.test(said)
      ? 'it is older than 1.12: install a newer virtiofsd'
      : `look whether you may read the directory: ls -la ${source}`,
  });
}

function removeSocket({ files }: Parts, path: string): void {
  files.remove(path);
  files.remove(`${path}.pid`);
}
