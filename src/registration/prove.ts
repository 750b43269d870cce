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

/** Executes tiny programs of any architecture; the truth about an entry. */
export interface Prover {
  /** Expects the architecture's programs to run. */
  prove(architecture: string): Proof;
  /**
   * What executing a probe leads to; undefined when there is no probe or no place to execute one from.
   *
   * @param change may alter the program's bytes before
   */
  execute(architecture: string, change?: (program: Uint8Array) => void): ExecutionOutcome | undefined;
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
  let count = 0;
  const execute: Prover['execute'] = (architecture, change = () => undefined) => {
    const directory = place.path();
    if (directory instanceof AnyarchError || !probeArchitectures.includes(architecture)) return undefined;
    const program = Uint8Array.from(buildProbe(architecture, probeExitCode));
    change(program);
    count += 1;
    const path = `${directory}/${architecture}-${count}`;
    host.files.writeAtomic(path, program, 0o700);
    return host.executor.execute(path);
  };
  const prove: Prover['prove'] = (architecture) => {
    const outcome = execute(architecture);
    if (outcome === undefined) return { status: 'not-tried', reason: reasonNotTried(architecture, place) };
    if (outcome.kind === 'exited' && outcome.code === probeExitCode) return { status: 'proven' };
    return { status: 'failed', outcome, ...explainOutcome(architecture, outcome) };
  };
  return { execute, prove };
}

function reasonNotTried(architecture: string, place: LazyDirectory): string {
  const path = place.path();
  return path instanceof AnyarchError ? path.message : `there is no probe for ${architecture}`;
}
