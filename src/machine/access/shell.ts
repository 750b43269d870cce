import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { AnyarchError } from '../../core/error.ts';
import { signalCommand } from './guest-command.ts';
import { passedCommand } from './long-command.ts';
import { isOpen } from './master.ts';
import { runProgram } from './run-program.ts';
import { sshCommand, type Reached, type ReachedAt } from './ssh-command.ts';

export interface ShellRequest {
  /** What to run; a login shell when it is empty. */
  readonly words: readonly string[];
  /** Whether a person sits at this process's input and output. */
  readonly isInteractive: boolean;
  /** Tells this session's processes from all others. */
  readonly mark: string;
}

/** What ssh ends with when the connection did; the command's own code may be the same. */
const connectionLost = 255;

/** What is passed on. HUP for a terminal that closes. */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/**
 * Runs a command in the guest on this process's input and output. Interrupts reach the command: through the guest's
 * terminal, or where there is none as signals.
 *
 * @returns the command's exit code, 128 and the signal that ended it
 * @throws AnyarchError ANYARCH_MACHINE_STOPPED when the connection ended in the middle, ANYARCH_FILE
 */
export async function shell(machine: Reached, at: ReachedAt, request: ShellRequest): Promise<number> {
  const { words, isInteractive, mark } = request;
  const command =
    words.length === 0
      ? []
      : [await passedCommand(machine, at, words, { name: mark, mark: isInteractive ? undefined : mark })];
  const [program = '', ...args] = sshCommand(machine, at, {
    options: [isInteractive ? '-t' : '-T'],
    words: command,
  });
  // A session of its own, or else interrupts of our terminal would end ssh but not what runs in the guest.
  const child = spawn(program, args, { stdio: 'inherit', detached: !isInteractive });
  const handlers = signals.map((signal) => {
    let times = 0;
    const handler = (): void => {
      times += 1;
      // A guest that hangs answers nothing: then at least we do.
      if (isInteractive || times > 2) child.kill('SIGTERM');
      else void passOn(machine, at, mark, signal);
    };
    process.on(signal, handler);
    return { signal, handler };
  });
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exitCode, signal) => {
        resolve(exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      });
    });
    if (code === connectionLost && !(await isOpen(machine, at))) throw lost(machine);
    return code;
  } finally {
    for (const { signal, handler } of handlers) process.off(signal, handler);
  }
}

async function passOn(machine: Reached, at: ReachedAt, mark: string, signal: string): Promise<void> {
  const words = [signalCommand(mark, signal.slice('SIG'.length))];
  await runProgram(sshCommand(machine, at, { words }), { timeoutMs: 10_000 });
}

function lost({ record: { name } }: Reached): AnyarchError {
  return new AnyarchError(
    'ANYARCH_MACHINE_STOPPED',
    `the connection to ${name} ended while a command ran in it`,
    { hint: `was it shut down? anyarch machine show ${name}, anyarch machine logs ${name}` },
  );
}
