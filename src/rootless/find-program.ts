import type { Host } from '../host/host.ts';
import type { EngineName, FoundEngine } from './engine.ts';
import { realProgram } from './real-program.ts';

/** An engine whose command line is a program of its name; its version is the first number that it tells. */
export function findProgram(
  host: Pick<Host, 'files' | 'system' | 'processes'>,
  name: EngineName,
): FoundEngine {
  const path = realProgram(host, name);
  if (path === undefined) return { found: false, reason: `there is no ${name} in PATH` };
  const { exitCode, stdout, stderr, startError } = host.processes.run([path, '--version'], {
    timeoutMs: 20_000,
  });
  const [version] = /\d+(\.\d+)+\S*/.exec(stdout) ?? [];
  if (exitCode === 0 && version !== undefined) return { found: true, path, version };
  const said = stderr.trim().split('\n').at(-1) ?? '';
  const reason = startError ?? (said === '' ? `it ended with ${exitCode ?? 'a signal'}` : said);
  return { found: false, reason: `${path} does not run: ${reason}` };
}
