import { spawn } from 'node:child_process';

export interface CommandOptions {
  /** The whole environment; default: this process's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly directory?: string;
  readonly input?: string | Uint8Array;
  /** Milliseconds; the program is killed after it. Default 120 000. */
  readonly timeoutMs?: number;
}

/** One shape for success and failure. */
export interface CommandResult {
  readonly command: readonly string[];
  /** Undefined when a signal ended the program. */
  readonly exitCode: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

/** Runs a program and fails, with everything that it printed, when it does not exit with 0. */
export async function succeed(command: readonly string[], options?: CommandOptions): Promise<CommandResult> {
  return await succeeded(run(command, options));
}

/** The same for a program that runs already. */
export async function succeeded(running: Promise<CommandResult>): Promise<CommandResult> {
  const result = await running;
  if (result.exitCode !== 0) throw new Error(describeFailure(result));
  return result;
}

/** Runs a program to its end, whatever that is; rejects only when it cannot be started. */
export function run(command: readonly string[], options: CommandOptions = {}): Promise<CommandResult> {
  const [program, ...args] = command;
  if (program === undefined) throw new Error('an empty command');
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.directory,
      env: { ...(options.environment ?? process.env) },
      stdio: ['pipe', 'pipe', 'pipe'],
      timeout: options.timeoutMs ?? 120_000,
      killSignal: 'SIGKILL',
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    // A program may end without reading its input: its exit code tells, not EPIPE.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.input);
    child.on('error', reject);
    child.on('close', (exitCode, signal) => {
      resolve({
        command,
        exitCode: exitCode ?? undefined,
        signal: signal ?? undefined,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
        durationMs: performance.now() - started,
      });
    });
  });
}

export function describeFailure(result: CommandResult): string {
  const end =
    result.signal === undefined ? `exit code ${String(result.exitCode)}` : `signal ${result.signal}`;
  return `${result.command.join(' ')}: ${end}\n${result.stdout}${result.stderr}`;
}
