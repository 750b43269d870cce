import {
  emulatorFacts,
  findRuntimes,
  matchAdvisories,
  type AdvisoryMatch,
  type Effect,
  type Situation,
} from '../../advisories/index.ts';
import type { Interposition } from '../../emulators/index.ts';
import { fact, type Examination } from '../examination.ts';
import { entriesInForce, type EntryInForce } from './entries-in-force.ts';
import { interpreterFile } from './interpreter-file.ts';

/** An advisory that applies to an entry's emulator, or may. */
export interface Advice {
  readonly entry: EntryInForce;
  readonly situation: Situation;
  readonly match: AdvisoryMatch;
}

/** All of them; `matchAdvisories` has the order for each entry. */
export const emulatorAdvice = fact((examination): readonly Advice[] =>
  entriesInForce(examination)
    .filter(({ emulator }) => emulator !== undefined)
    .flatMap((entry) => adviceFor(examination, entry)),
);

/** What is known of the emulator of an entry and of the guest. */
function situationOf(examination: Examination, entry: EntryInForce): Situation {
  const { host } = examination;
  const { version, state } = entry.emulator ?? {};
  const isFileTheOne = state !== 'replaced' && interpreterFile(examination, entry.interpreter).exists;
  const facts = isFileTheOne ? emulatorFacts(host, entry.interpreter) : {};
  return {
    emulator: { ...facts, version: version ?? facts.version },
    host: host.system.machine,
    guest: entry.architecture,
    runtimes: guestRuntimes(examination),
    kernelRelease: host.system.kernelRelease,
  };
}

/** Undefined where nothing says which guest it is about. */
const guestRuntimes = fact(({ host: { files }, root, file }) =>
  root === '/' && file === undefined ? undefined : findRuntimes(files, { root, program: file }),
);

function adviceFor(examination: Examination, entry: EntryInForce): Advice[] {
  const situation = situationOf(examination, entry);
  const text = examination.message?.text;
  return matchAdvisories(situation, { text })
    .filter((match) => !isWorkedAround(match, entry.emulator?.interposed, examination))
    .map((match) => ({ entry, situation, match }));
}

/** What helps is in force: the emulator gives itself the option, or the environment has it. */
function isWorkedAround(
  { advisory }: AdvisoryMatch,
  interposed: Interposition | undefined,
  { host: { system } }: Examination,
): boolean {
  return advisory.workarounds.some(({ environment = {} }) => {
    const variables = Object.entries(environment);
    return (
      variables.length > 0 &&
      variables.every(
        ([name, value]) =>
          system.environment[name] === value || interposed?.arguments.includes(value) === true,
      )
    );
  });
}

/** Whether an emulator of another version would be spared. */
export function isSpared({ match, situation }: Advice, version: string): boolean {
  const emulator = { ...situation.emulator, version };
  return matchAdvisories({ ...situation, emulator }, { advisories: [match.advisory] }).length === 0;
}

/** That what is told depends on this emulator or this guest, and not on emulation as such. */
export function isParticular({ match: { advisory } }: Advice): boolean {
  const { emulator, build, runtimes } = advisory.applies;
  return emulator !== undefined || build !== undefined || runtimes !== undefined;
}

export function hasEffect({ match }: Advice, effects: readonly Effect[]): boolean {
  return effects.includes(match.advisory.effect);
}
