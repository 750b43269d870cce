import { AnyarchError } from '../core/error.ts';
import { buildProbe, probeArchitectures } from '../core/probe/probe.ts';
import type { Host } from '../host/host.ts';
import type { ExecutionOutcome } from '../host/processes.ts';
import { ignoring } from '../host/system-error.ts';
import { explainOutcome } from './explain-outcome.ts';
import { makeProbeDirectory, type ProbeDirectory } from './probe-directory.ts';

/** What a probe exits with: no shell, loader or emulator ends with this by itself. */
export const probeExitCode = 42;

export type Proof =
  | { readonly status: 'proven' }
  | {
      readonly status: 'failed';
      readonly outcome: ExecutionOutcome;
      readonly reason: string;
      readonly hint: string;
    }
  /** There is no probe for it, or no place to execute one from. */
  | { readonly status: 'not-tried'; readonly reason: string };

/** Executes tiny programs of any architectures, all at once; the truth about entries. */
export interface Prover {
  /** Expects the programs of each architecture to run. */
  readonly prove: (architectures: readonly string[]) => ReadonlyMap<string, Proof>;
  /**
   * What executing the probes leads to, without those that there are no probes for; empty when there is no place to
   * execute them from.
   *
   * @param change may alter the programs' bytes before
   */
  readonly execute: (
    architectures: readonly string[],
    change?: (program: Uint8Array) => void,
  ) => ReadonlyMap<string, ExecutionOutcome>;
  /** Executes a program that is no probe; undefined when there is no place to do it from. */
  readonly executeProgram: (program: Uint8Array) => ExecutionOutcome | undefined;
}

/** @param action gets a prover whose files are removed afterwards */
export function withProver<T>(host: Host, state: string, action: (prover: Prover) => T): T {
  const place = lazyDirectory(host, state);
  const inMemory: string[] = [];
  try {
    return action(proverIn(host, place, inMemory));
  } finally {
    place.remove();
    for (const path of inMemory) host.executor.forget?.(path);
  }
}

/** Made at the first use; remembers why it cannot be made. */
interface LazyDirectory {
  path(): string | AnyarchError;
  remove(): void;
}

function lazyDirectory(host: Host, state: string): LazyDirectory {
  let made: ProbeDirectory | AnyarchError | undefined;
  return {
    path: () => {
      made ??= orError(() => makeProbeDirectory(host, state));
      return made instanceof AnyarchError ? made : made.path;
    },
    remove: () => {
      if (made !== undefined && !(made instanceof AnyarchError)) made.remove();
    },
  };
}

function orError<T>(action: () => T): T | AnyarchError {
  try {
    return action();
  } catch (error) {
    if (error instanceof AnyarchError) return error;
    throw error;
  }
}

/** @param inMemory gets the paths of what is written there */
function proverIn(host: Host, place: LazyDirectory, inMemory: string[]): Prover {
  const written = new Map<string, string>();
  let count = 0;
  /** Undefined where there is no place at all. */
  const write = (program: Uint8Array): string | undefined => {
    const directory = place.path();
    if (directory instanceof AnyarchError) {
      const path = keepInMemory(host, program);
      if (path !== undefined) inMemory.push(path);
      return path;
    }
    count += 1;
    const path = `${directory}/${count}`;
    host.files.createFleeting(path, program, 0o700);
    return path;
  };
  const pathOf = (architecture: string): string | undefined => {
    const path = written.get(architecture) ?? write(buildProbe(architecture, probeExitCode));
    if (path !== undefined) written.set(architecture, path);
    return path;
  };
  const execute: Prover['execute'] = (architectures, change) => {
    const programs = architectures.flatMap((architecture) => {
      if (!probeArchitectures.includes(architecture)) return [];
      if (change === undefined) return pair(architecture, pathOf(architecture));
      const program = Uint8Array.from(buildProbe(architecture, probeExitCode));
      change(program);
      return pair(architecture, write(program));
    });
    if (programs.length === 0) return new Map();
    const outcomes = host.executor.executeAll(programs.map(([, path]) => path));
    return new Map(programs.flatMap(([one], index) => pair(one, outcomes[index])));
  };
  const proofOf = (architecture: string, outcome: ExecutionOutcome | undefined): Proof => {
    if (outcome === undefined) return { status: 'not-tried', reason: reasonNotTried(architecture, place) };
    if (outcome.kind === 'exited' && outcome.code === probeExitCode) return { status: 'proven' };
    return { status: 'failed', outcome, ...explainOutcome(architecture, outcome) };
  };
  const prove: Prover['prove'] = (architectures) => {
    const outcomes = execute(architectures);
    return new Map(architectures.map((one) => [one, proofOf(one, outcomes.get(one))]));
  };
  const executeProgram: Prover['executeProgram'] = (program) => {
    const path = write(program);
    return path === undefined ? undefined : host.executor.execute(path);
  };
  return { execute, executeProgram, prove };
}

/** Read-only containers have no directory to execute from: Docker mounts what they may write to noexec. */
function keepInMemory({ executor }: Pick<Host, 'executor'>, program: Uint8Array): string | undefined {
  return ignoring(['EACCES', 'EPERM', 'ENOSYS', 'ENOSPC', 'EMFILE'], () => executor.inMemory?.(program));
}

function pair<K, V>(key: K, value: V | undefined): [K, V][] {
  return value === undefined ? [] : [[key, value]];
}

function reasonNotTried(architecture: string, place: LazyDirectory): string {
  const path = place.path();
  return path instanceof AnyarchError ? path.message : `there is no probe for ${architecture}`;
}
