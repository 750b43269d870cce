import { AnyarchError } from '../core/error.ts';
import { buildProbe, probeArchitectures } from '../core/probe/probe.ts';
import type { Host } from '../host/host.ts';
import type { ExecutionOutcome } from '../host/processes.ts';
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
}

/** @param action gets a prover whose files are removed afterwards */
export function withProver<T>(host: Host, state: string, action: (prover: Prover) => T): T {
  const place = lazyDirectory(host, state);
  try {
    return action(proverIn(host, place));
  } finally {
    place.remove();
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

function proverIn(host: Host, place: LazyDirectory): Prover {
  const written = new Map<string, string>();
  let count = 0;
  const write = (program: Uint8Array, directory: string): string => {
    count += 1;
    const path = `${directory}/${count}`;
    host.files.createFleeting(path, program, 0o700);
    return path;
  };
  const pathOf = (architecture: string, directory: string): string => {
    const path = written.get(architecture) ?? write(buildProbe(architecture, probeExitCode), directory);
    written.set(architecture, path);
    return path;
  };
  const execute: Prover['execute'] = (architectures, change) => {
    const known = architectures.filter((one) => probeArchitectures.includes(one));
    const directory = known.length === 0 ? undefined : place.path();
    if (directory === undefined || directory instanceof AnyarchError) return new Map();
    const paths = known.map((architecture) => {
      if (change === undefined) return pathOf(architecture, directory);
      const program = Uint8Array.from(buildProbe(architecture, probeExitCode));
      change(program);
      return write(program, directory);
    });
    const outcomes = host.executor.executeAll(paths);
    return new Map(known.flatMap((one, index) => pair(one, outcomes[index])));
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
  return { execute, prove };
}

function pair<K, V>(key: K, value: V | undefined): [K, V][] {
  return value === undefined ? [] : [[key, value]];
}

function reasonNotTried(architecture: string, place: LazyDirectory): string {
  const path = place.path();
  return path instanceof AnyarchError ? path.message : `there is no probe for ${architecture}`;
}
