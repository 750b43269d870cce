import { decodeUtf8 } from '../../core/text.ts';
import type { ProcessOptions, ProcessResult, Processes } from '../processes.ts';
import { ownEnvironment } from './environment.ts';
import { signalName } from './signal-name.ts';
import { systemCall } from './system-call.ts';

export const quickjsProcesses: Processes = { run };

function run(command: readonly string[], options: ProcessOptions = {}): ProcessResult {
  const [program] = command;
  if (program === undefined) throw new Error('a command needs a program');
  const start = kernel.monotonic();
  const { exitCode, signal, startError, timedOut, stdout, stderr } = systemCall('spawn', program, () =>
    kernel.run(
      command,
      variables({ ...ownEnvironment(), ...options.environment }),
      options.directory,
      options.input ?? '',
      options.timeoutMs ?? 60_000,
    ),
  );
  return {
    command,
    exitCode,
    signal: signal === undefined ? undefined : signalName(signal),
    startError,
    timedOut,
    stdout: decodeUtf8(stdout),
    stderr: decodeUtf8(stderr),
    durationMs: kernel.monotonic() - start,
  };
}

function variables(environment: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(environment).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${value}`],
  );
}
