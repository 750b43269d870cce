import { findArchitecture, lookUpArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import { chooseEmulator, fetchEmulators, requireEmulator } from '../../emulators/index.ts';
import type { Host } from '../../host/host.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import type { Emulated } from '../../private-table/index.ts';
import { runGuest, type Bind, type GuestRoot } from '../../run/index.ts';
import { throwIfCancelled } from '../../host/cancellation.ts';
import type { OnProgress } from '../../transfer/index.ts';

export interface InsideOptions {
  readonly mirror?: string | undefined;
  readonly noFetch?: boolean | undefined;
  /** Take lists of packages after their Valid-Until. */
  readonly allowExpired?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/** What runs programs of the architecture: nothing where they are native. @throws what fetching throws */
export async function emulatedFor(
  host: Host,
  name: string,
  options: InsideOptions,
): Promise<readonly Emulated[]> {
  const architecture = findArchitecture(name);
  if (lookUpArchitecture(host.system.machine) === architecture) return [];
  const present = chooseEmulator(host, architecture.name).emulator;
  if (present === undefined && options.noFetch !== true) {
    const { mirror, allowExpired, signal, onProgress } = options;
    const { results } = await fetchEmulators(host, {
      targets: [architecture.name],
      mirror,
      allowExpired,
      signal,
      onProgress,
    });
    const [first] = results;
    if (first?.outcome === 'failed') throw first.error;
  }
  return [{ architecture, emulator: present ?? requireEmulator(host, architecture.name) }];
}

export interface InsideRun {
  readonly emulated: readonly Emulated[];
  readonly command: readonly string[];
  /** `K=V`. */
  readonly environment: readonly string[];
  /** The host's own files, or another root. */
  readonly root?: GuestRoot;
  readonly binds?: readonly Bind[];
  /** Gets each line that is printed, on either stream. */
  readonly onLine?: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Lines of what was printed that go into an error. */
const tailLines = 12;

/**
 * Runs a program as root of a namespace that has all ids that the user may hand out, and a table of its own for foreign
 * programs. Nothing of the host's changes but what the program writes with the user's rights.
 *
 * @throws AnyarchError ANYARCH_SUBORDINATE_IDS, ANYARCH_NAMESPACE, ANYARCH_RUN_SETUP, ANYARCH_CANCELLED;
 *   ANYARCH_MACHINE_FAILED with what it said last when it fails
 */
export async function runInside(host: Host, run: InsideRun): Promise<void> {
  throwIfCancelled(run.signal);
  const tail: string[] = [];
  const take = splitLines((line) => {
    tail.push(line);
    if (tail.length > tailLines) tail.shift();
    run.onLine?.(line);
  });
  const outcome = await runGuest(host, {
    emulated: run.emulated,
    root: run.root ?? { kind: 'host' },
    // Archives have files of many owners. Says itself who has to be given ids, and how.
    ids: 'root',
    command: run.command,
    binds: run.binds ?? [],
    environment: run.environment,
    workingDirectory: '/',
    scratch: `${stateDirectory(host.system)}/mount`,
    output: { stdout: take, stderr: take },
    ...(run.signal === undefined ? {} : { signal: run.signal }),
  });
  throwIfCancelled(run.signal);
  if (outcome.exitCode === 0) return;
  const name = run.command[0] ?? '';
  const said = tail.join('\n');
  const details = { command: run.command.join(' '), exitCode: outcome.exitCode, said };
  if (/no space left on device/i.test(said))
    throw new AnyarchError('ANYARCH_DISK_FULL', `no space left while ${name} was at work`, {
      hint: 'free some space, or set ANYARCH_HOME to a directory on a larger file system',
      details,
    });
  throw new AnyarchError(
    'ANYARCH_MACHINE_FAILED',
    `${name} ended with exit code ${outcome.exitCode}: ${errorLine(tail) ?? outcome.message ?? 'it said nothing'}`,
    { hint: 'the whole of what it said last is in the details (--json)', details },
  );
}

function errorLine(lines: readonly string[]): string | undefined {
  return lines.findLast((line) => /^(E|W): |error|cannot|failed/i.test(line)) ?? lines.at(-1);
}

function splitLines(take: (line: string) => void): (chunk: Uint8Array) => void {
  let rest = '';
  return (chunk) => {
    const parts = (rest + Buffer.from(chunk).toString('utf8')).split(/[\r\n]+/);
    rest = parts.pop() ?? '';
    for (const line of parts) if (line !== '') take(line);
  };
}
