import type { ChildProcess } from 'node:child_process';
import { AnyarchError } from '../../core/error.ts';
import { errnoOf } from '../../host/node/system-call.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import type { OnProgress } from '../../transfer/index.ts';
import { isOpen } from './master.ts';
import { guestFull, saysNoSpace } from './no-space.ts';
import type { Reached, ReachedAt } from './ssh-command.ts';

export interface CopyOptions {
  readonly onProgress?: OnProgress;
  readonly signal?: AbortSignal;
}

/** How the processes of a copy ended. */
export interface CopyEnd {
  /** The first that failed. */
  readonly failed?: { readonly program: string; readonly exitCode: number | undefined };
  /** What they said. */
  readonly message: string;
}

/** Waits for all of them; a cancelled copy ends them. */
export async function finish(
  first: ChildProcess,
  others: readonly ChildProcess[],
  signal?: AbortSignal,
): Promise<CopyEnd> {
  const children = [first, ...others];
  const kill = (): void => {
    for (const child of children) child.kill('SIGTERM');
  };
  signal?.addEventListener('abort', kill);
  try {
    const ends = await Promise.all(children.map(async (child) => await ended(child, signal)));
    throwIfCancelled(signal);
    const failed = ends.find(({ exitCode }) => exitCode !== 0);
    const message = ends
      .map(({ stderr }) => stderr.trim())
      .filter((text) => text !== '')
      .join('; ');
    return { ...(failed === undefined ? {} : { failed }), message };
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}

/** Characters of what a program says: a guest may say more than fits into memory. */
const longestMessage = 4_000;

async function ended(
  child: ChildProcess,
  signal: AbortSignal | undefined,
): Promise<{
  readonly program: string;
  readonly exitCode: number | undefined;
  readonly stderr: string;
}> {
  const program = child.spawnfile;
  let stderr = '';
  child.stderr?.setEncoding('utf8');
  child.stderr?.on('data', (text: string) => {
    if (stderr.length < longestMessage) stderr += text.slice(0, longestMessage);
  });
  return await new Promise((resolve) => {
    child.once('error', (error) => {
      resolve({ program, exitCode: undefined, stderr: `${program}: ${errnoOf(error) ?? error.message}` });
    });
    const over = (code: number | null): void => {
      resolve({ program, exitCode: code ?? undefined, stderr });
    };
    child.once('close', over);
    child.once('exit', (code) => {
      // ssh's part is kept open by the process that shares its connection, until the guest's side ends, too.
      if (signal?.aborted === true) over(code);
    });
  });
}

/** @param otherwise what to say where nobody said anything */
export async function copyFailure(
  machine: Reached,
  at: ReachedAt,
  { message, failed }: CopyEnd,
  otherwise: string,
): Promise<AnyarchError> {
  const { name } = machine.record;
  if (failed?.program === 'ssh' && failed.exitCode === 255 && !(await isOpen(machine, at)))
    return new AnyarchError('ANYARCH_MACHINE_STOPPED', `the connection to ${name} ended during the copy`, {
      hint: `was it shut down? anyarch machine show ${name}`,
    });
  if (saysNoSpace(message)) return guestFull(machine, message);
  if (/\b(?:tar|setpriv): ENOENT/.test(message))
    return new AnyarchError('ANYARCH_PROGRAM_NOT_FOUND', `directories are copied by tar: ${message}`, {
      hint: 'apt-get install tar util-linux',
    });
  return new AnyarchError('ANYARCH_FILE', message === '' ? otherwise : message, {
    hint: `files of the guest are read and written as its user; look: anyarch machine shell ${name} -- ls -la`,
  });
}
