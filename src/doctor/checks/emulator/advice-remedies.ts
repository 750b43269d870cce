import { chooseEmulator } from '../../../emulators/index.ts';
import type { Examination } from '../../examination.ts';
import { isSpared, type Advice } from '../../facts/emulator-advice.ts';
import { commandName } from '../../remedies/register.ts';
import { registerRemedies } from '../../remedies/register-remedies.ts';
import type { Fault, Remedy } from '../../verdict.ts';

/** Another emulator where there is one that is spared, else fetching one; then what each advisory says helps. */
export function adviceRemedies(examination: Examination, advice: readonly Advice[]): Fault['remedies'] {
  const remedies = [
    ...emulatorRemedies(examination, advice),
    ...advice.flatMap((one) => workarounds(examination, one)),
  ];
  const [first, ...others] = distinct(remedies);
  return first === undefined ? [nothingKnown(advice)] : [first, ...others];
}

function emulatorRemedies(examination: Examination, advice: readonly Advice[]): Remedy[] {
  const chosen = new Map(
    advice.map(({ entry: { architecture } }) => [
      architecture,
      chooseEmulator(examination.host, architecture).emulator,
    ]),
  );
  const spares = (one: Advice): boolean => {
    const version = chosen.get(one.entry.architecture)?.version;
    return version !== undefined && isSpared(one, version);
  };
  const here = architecturesOf(advice.filter(spares));
  const elsewhere = architecturesOf(
    advice.filter((one) => !spares(one) && one.match.advisory.applies.emulator !== undefined),
  ).filter((name) => !here.includes(name));
  return [
    ...(here.length === 0 ? [] : registerRemedies(examination, here)),
    ...(elsewhere.length === 0 ? [] : [fetchRemedy(elsewhere)]),
  ];
}

function fetchRemedy(architectures: readonly string[]): Remedy {
  const names = architectures.map(commandName);
  return {
    does: `fetch a tested emulator for ${names.join(', ')}, to be registered afterwards: anyarch register ${names.join(' ')}`,
    command: ['anyarch', 'emulators', 'fetch', ...names],
    by: 'anyarch',
  };
}

function workarounds({ file }: Examination, { match: { advisory } }: Advice): Remedy[] {
  return advisory.workarounds
    .filter(({ emulator }) => emulator === undefined)
    .map(({ does, environment = {} }): Remedy => {
      const words = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
      if (words.length === 0) return { does, by: 'user' };
      if (file === undefined)
        return { does: `${does}: ${words.join(' ')} in the guest's environment`, by: 'user' };
      return { does, command: ['env', ...words, file], by: 'user' };
    });
}

function nothingKnown(advice: readonly Advice[]): Remedy {
  const versions = advice.flatMap(({ match }) => match.advisory.workarounds.map(({ does }) => does));
  return { does: versions[0] ?? 'look into the threads that are named: no remedy is known', by: 'user' };
}

function architecturesOf(advice: readonly Advice[]): string[] {
  return [...new Set(advice.map(({ entry: { architecture } }) => architecture))];
}

function distinct(remedies: readonly Remedy[]): Remedy[] {
  return [...new Map(remedies.map((one) => [one.command?.join(' ') ?? one.does, one])).values()];
}
