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
  /** What the broken command prints, where another fault would be told by other words. */
  readonly says?: RegExp;
  /** Arguments for the doctor; what the command printed is on its standard input. Default: none. */
  readonly ask?: (laboratory: L) => readonly string[];
  /** Default: `false`. True where the command never worked in this laboratory: what is wrong was so from the start. */
  readonly isBrokenFromTheStart?: boolean;
  /**
   * `command`: a shell runs what the report prints as the first remedy; `fix`: `doctor --fix` does it; otherwise what has to be
   * done by hand, as the remedy's text says, because it is no command.
   */
  readonly remedy?: 'command' | 'fix' | ((laboratory: L) => Promise<unknown>);
  /** Why what is printed does not tell of the fault, so that `ask` alone has to lead to it. Default: it tells. */
  readonly isUntold?: string;
  /** Other checks that call it an error as well, by id, each with the reason why that is no false alarm. */
  readonly alsoErrors?: Readonly<Record<string, string>>;
}

interface DoctorDocument {
  readonly causes: readonly string[];
  readonly explaining: readonly string[];
  readonly checks: readonly {
    readonly id: string;
    readonly severity?: string;
    readonly verdict: { readonly summary?: string; readonly evidence?: readonly string[] };
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
  if (fault.says?.test(message) === false) throw new Error(`the fault is another one: ${message}`);
  const told = await laboratory.anyarch(['doctor', ...question, '--json'], message);
  const document = told.json() as DoctorDocument;
  const [first] = document.causes;
  const problem = first === fault.cause ? falseAlarm(document, fault) : 'it is not the first cause';
  if (first === undefined || problem !== undefined)
    throw new Error(
      `${problem ?? 'no cause'}; causes: ${document.causes.join(', ') || 'none'}; message: ${message}\n${listed(document)}`,
    );
  await repair(laboratory, fault, (options) =>
    laboratory.anyarch(['doctor', ...question, ...options], message),
  );
  await expectWorking('after the remedy');
  return first;
}

/** What is wrong with a diagnosis whose first cause is the right one. */
function falseAlarm<L extends Laboratory>(
  { explaining, checks }: DoctorDocument,
  { cause, isUntold, alsoErrors = {} }: InjectedFault<L>,
): string | undefined {
  if (isUntold === undefined && !explaining.includes(cause)) return `${cause} does not explain the message`;
  const errors = checks
    .filter(({ id, severity }) => severity === 'error' && id !== cause)
    .map(({ id }) => id);
  const wrong = errors.filter((id) => !(id in alsoErrors));
  if (wrong.length > 0) return `an error as well: ${wrong.join(', ')}`;
  const unneeded = Object.keys(alsoErrors).filter((id) => !errors.includes(id));
  return unneeded.length === 0 ? undefined : `no error, although named: ${unneeded.join(', ')}`;
}

/** The faults, for who has to find out. */
function listed({ checks }: DoctorDocument): string {
  return checks
    .filter(({ severity }) => severity !== undefined)
    .flatMap(({ id, severity, verdict: { summary, evidence = [] } }) => [
      `${severity} ${id}: ${summary}`,
      ...evidence.map((line) => `  ${line}`),
    ])
    .join('\n');
}

async function repair<L extends Laboratory>(
  laboratory: L,
  { remedy = 'command', cause }: InjectedFault<L>,
  ask: (options: readonly string[]) => Promise<CommandResult>,
): Promise<void> {
  if (typeof remedy === 'function') {
    await remedy(laboratory);
    return;
  }
  const applied =
    remedy === 'fix' ? await ask(['--fix']) : await runPrinted(laboratory, cause, await ask([]));
  if (applied.exitCode !== 0) throw new Error(describeFailure(applied));
}

/** Who has to type `sudo` is root there. */
async function runPrinted(
  laboratory: Laboratory,
  cause: string,
  told: CommandResult,
): Promise<CommandResult> {
  const printed = printedRemedy(told.stdout, cause);
  if (printed === undefined) throw new Error(`no command is printed for ${cause}: ${told.stdout}`);
  const { asRoot } = laboratory;
  const withoutSudo = printed.replace(/^sudo /, '');
  return asRoot === undefined || withoutSudo === printed
    ? laboratory.run(['sh', '-c', printed])
    : asRoot(['sh', '-c', withoutSudo]);
}

/** The line below `do` in what is told about the first cause. */
function printedRemedy(report: string, cause: string): string | undefined {
  const lines = report.split('\n');
  const about = lines.findIndex((line) => new RegExp(`^\\w+ ${cause} \\(`).test(line));
  const rest = about < 0 ? [] : lines.slice(about);
  const doing = rest.findIndex((line) => /^ {2}do {5}/.test(line));
  const [next] = rest.slice(doing + 1).filter((line) => !/^ {9}\S/.test(line));
  return doing < 0 ? undefined : /^ {11}(\S.*)$/.exec(next ?? '')?.[1];
}

function endedWell({ exitCode }: CommandResult): boolean {
  return exitCode === 0;
}
