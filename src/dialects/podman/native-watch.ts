import { SystemError } from '../../host/system-error.ts';
import type { Prover } from '../../registration/index.ts';

/** Tells whether the machine still runs its own programs, by executing some. */
export interface NativeWatch {
  /** QEMU's names of the architectures that run without an emulator. */
  readonly architectures: ReadonlySet<string>;
  /** Those of them whose programs ran at first and do not any more. */
  readonly broken: () => readonly string[];
}

/** @param native QEMU's names */
export function watchNative(prover: Prover, native: ReadonlySet<string>): NativeWatch {
  const running = runningNow(prover, [...native]);
  return {
    architectures: native,
    broken: () => {
      const stillRunning = runningNow(prover, [...native]);
      const lost = [...running].filter((one) => !stillRunning.has(one));
      return [...native].filter((name) => lost.some((one) => one.startsWith(`${name} `)));
    },
  };
}

/** Of each architecture both sorts of programs: `x86_64 fixed`, `x86_64 pie`. */
function runningNow(prover: Prover, names: readonly string[]): ReadonlySet<string> {
  try {
    const sorts = [
      ['fixed', prover.execute(names)],
      ['pie', prover.execute(names, makePositionIndependent)],
    ] as const;
    return new Set(
      sorts.flatMap(([sort, outcomes]) =>
        [...outcomes].flatMap(([name, outcome]) => (outcome.kind === 'exited' ? [`${name} ${sort}`] : [])),
      ),
    );
  } catch (error) {
    // What executes them may be a native program itself.
    if (error instanceof SystemError) return new Set();
    throw error;
  }
}

/** e_type from ET_EXEC to ET_DYN; EI_DATA tells the byte order (elf.h). */
function makePositionIndependent(program: Uint8Array): void {
  program[program[5] === 1 ? 16 : 17] = 3;
}
