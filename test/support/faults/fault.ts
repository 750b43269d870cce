import { expect, test } from 'vitest';
import type { CommandResult } from '../command.ts';
import { describeFailure } from '../command.ts';
import type { Laboratory } from './laboratory.ts';

/** One row of the matrix: something that goes wrong on a real kernel, and what the doctor has to say about it. */
export interface InjectedFault<L extends Laboratory = Laboratory> {
  /** What is done: `the entry is disabled`. */
  readonly name: string;
  /** Id of the check whose fault has to come first. */
  readonly cause: string;
  /** Makes it. Before that the command works. */
  readonly inject: (laboratory: L) => Promise<unknown>;
  /** What a person types; works before the fault and after its remedy, and fails in between. */
  readonly command: (laboratory: L) => readonly string[];
  /** Default: exit code 0. Give one where the command lies: one that ends with 0 having run nothing. */
  readonly works?: (result: CommandResult) => boolean;
  /** Arguments for the doctor; what the command printed is on its standard input. Default: none. */
  readonly ask?: (laboratory: L) => readonly string[];
  /** Default: `false`. True where the command never worked in this laboratory: what is wrong was so from the start. */
  readonly isBrokenFromTheStart?: boolean;
  /**
   * `command`: the first remedy is run as it is printed; `fix`: `doctor --fix` does it; otherwise what has to be done by hand,
   * as the remedy's text says, because it is no command.
   */
  readonly remedy?: 'command' | 'fix' | ((laboratory: L) => Promise<unknown>);
}

interface DoctorRemedy {
  readonly does: string;
  readonly command?: readonly string[];
  readonly needsRoot?: boolean;
}

interface DoctorDocument {
  readonly causes: readonly string[];
  readonly checks: readonly {
    readonly id: string;
    readonly verdict: {
      readonly status: string;
      readonly summary?: string;
      readonly remedies?: readonly DoctorRemedy[];
    };
  }[];
}

/** Works, is broken, is diagnosed, is repaired, works. */
export function testFault<L extends Laboratory>(open: () => Promise<L>, fault: InjectedFault<L>): void {
  test(`${fault.cause}: ${fault.name}`, async () => {
    const laboratory = await open();
    try {
      expect(await causeFoundAndRemoved(laboratory, fault)).toBe(fault.cause);
    } finally {
      await laboratory.close();
    }
  });
}

/** @returns what the doctor called the first cause */
async function causeFoundAndRemoved<L extends Laboratory>(
  laboratory: L,
  fault: InjectedFault<L>,
): Promise<string> {
  const { works = endedWell, isBrokenFromTheStart = false } = fault;
  const words = fault.command(laboratory);
  const expectWorking = async (when: string): Promise<void> => {
    const result = await laboratory.run(words);
    if (!works(result)) throw new Error(`${when}: ${describeFailure(result)}`);
  };
  if (!isBrokenFromTheStart) await expectWorking('before');
  await fault.inject(laboratory);
  const broken = await laboratory.run(words);
  if (works(broken)) throw new Error(`the fault has no effect: ${describeFailure(broken)}`);
  const question = [...(fault.ask?.(laboratory) ?? []), '--error', '-'];
  const message = `${broken.stdout}${broken.stderr}`;
  const told = await laboratory.anyarch(['doctor', ...question, '--json'], message);
  const { causes, checks } = told.json() as DoctorDocument;
  const [first] = causes;
  if (first !== fault.cause)
    throw new Error(`called ${causes.join(', ') || 'nothing'} the cause of: ${message}\n${told.stdout}`);
  const verdict = checks.find(({ id }) => id === fault.cause)?.verdict;
  await repair(laboratory, fault, verdict?.remedies?.[0], () =>
    laboratory.anyarch(['doctor', ...question, '--fix'], message),
  );
  await expectWorking('after the remedy');
  return first;
}

async function repair<L extends Laboratory>(
  laboratory: L,
  { remedy = 'command' }: InjectedFault<L>,
  first: DoctorRemedy | undefined,
  fix: () => Promise<CommandResult>,
): Promise<void> {
  if (typeof remedy === 'function') {
    await remedy(laboratory);
    return;
  }
  const command = first?.command;
  if (remedy === 'command' && command === undefined) throw new Error('the first remedy is no command');
  const runIt = first?.needsRoot === true ? (laboratory.asRoot ?? laboratory.run) : laboratory.run;
  const applied = remedy === 'fix' ? await fix() : await runIt(command ?? []);
  if (applied.exitCode !== 0) throw new Error(describeFailure(applied));
}

function endedWell({ exitCode }: CommandResult): boolean {
  return exitCode === 0;
}
