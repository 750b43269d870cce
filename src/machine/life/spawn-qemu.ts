import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { errnoOf, systemCall } from '../../host/node/system-call.ts';
import { lookAtProcess, type StartedProcess } from './process.ts';

/**
 * Starts QEMU in a session of its own, so that it outlives this process and its terminal.
 *
 * @param messages file that gets what it prints
 * @throws AnyarchError ANYARCH_EMULATOR_UNUSABLE
 */
export async function spawnQemu(
  { files, system }: Pick<Host, 'files' | 'system'>,
  command: readonly string[],
  {
    environment,
    messages,
  }: { readonly environment: Readonly<Record<string, string | undefined>>; readonly messages: string },
): Promise<StartedProcess> {
  const [program = '', ...words] = command;
  const log = systemCall('open', messages, () => openSync(messages, 'a', 0o600));
  try {
    const child = spawn(program, words, {
      detached: true,
      cwd: '/',
      stdio: ['ignore', log, log],
      env: { ...system.environment, ...environment },
    });
    const failure = await Promise.race([
      once(child, 'spawn').then(() => undefined),
      once(child, 'error').then(([error]) => error as unknown),
    ]);
    const { pid } = child;
    if (failure !== undefined || pid === undefined) throw unusable(program, failure);
    child.unref();
    // It may have ended in the meantime: then it has no start any more, and is not found.
    return lookAtProcess(files, pid) ?? { pid, startTicks: -1 };
  } finally {
    closeSync(log);
  }
}

function unusable(program: string, cause: unknown): AnyarchError {
  const errno = errnoOf(cause) ?? 'unknown';
  return new AnyarchError('ANYARCH_EMULATOR_UNUSABLE', `${program} could not be started: ${errno}`, {
    hint: 'install it again, or make the machine with another one: anyarch machine create --qemu PATH',
    details: { program, errno },
    cause,
  });
}
