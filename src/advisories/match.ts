import { lookUpArchitecture } from '../core/architecture.ts';
import type { Advisory, BuildConditions, Conditions, Effect, RuntimeCondition } from './advisory.ts';
import type { EmulatorFacts, GuestRuntime, Situation } from './situation.ts';
import { advisories as all } from './table/index.ts';
import { isInRange, type VersionRange } from './version-range.ts';

export interface AdvisoryMatch {
  readonly advisory: Advisory;
  /** Conditions that could be neither shown nor refuted, a clause each. Empty: all hold. */
  readonly unproven: readonly string[];
  /** Of the guest's, those that it is about. */
  readonly runtimes: readonly GuestRuntime[];
  /** The text that was given has what is typical for it. */
  readonly isSaid: boolean;
}

export interface MatchOptions {
  /** Only advisories with one of these effects: of a guest that crashed, why it may have. Default: all. */
  readonly effects?: readonly Effect[];
  /** What was printed. Advisories that show in it come first. */
  readonly text?: string | undefined;
  /** Default: the built-in table. */
  readonly advisories?: readonly Advisory[];
}

/**
 * Advisories that apply, or may apply because something about the situation is unknown. The most certain first: those that show in
 * what was printed, then those of which every condition is shown, then the better founded, then those that say more about the situation.
 */
export function matchAdvisories(
  situation: Situation,
  { effects, text = '', advisories = all }: MatchOptions = {},
): readonly AdvisoryMatch[] {
  return advisories
    .filter(({ effect }) => effects?.includes(effect) ?? true)
    .flatMap((advisory) => matchOne(advisory, situation, text) ?? [])
    .sort((a, b) => compareKeys(keyOf(a), keyOf(b)));
}

/** A condition holds, does not, or cannot be told, which is said. */
type Answer = boolean | string;

function matchOne(advisory: Advisory, situation: Situation, text: string): AdvisoryMatch | undefined {
  const { applies } = advisory;
  const runtimes = concernedRuntimes(applies.runtimes ?? [], situation.runtimes ?? []);
  const answers = [
    (applies.mode ?? 'user') === (situation.mode ?? 'user'),
    versionAnswer(applies.emulator, situation.emulator?.version, "the emulator's version"),
    ...buildAnswers(applies.build ?? {}, situation.emulator ?? {}),
    architectureAnswer(applies.hosts, situation.host, 'the host'),
    architectureAnswer(applies.guests, situation.guest, 'the guest'),
    runtimesAnswer(applies, situation, runtimes),
    versionAnswer(applies.kernel && [applies.kernel], situation.kernelRelease, "the kernel's version"),
  ];
  if (answers.includes(false)) return undefined;
  return {
    advisory,
    unproven: answers.filter((answer) => typeof answer === 'string'),
    runtimes,
    isSaid: advisory.says?.some((pattern) => pattern.test(text)) ?? false,
  };
}

function versionAnswer(
  ranges: readonly VersionRange[] | undefined,
  version: string | undefined,
  what: string,
): Answer {
  if (ranges === undefined) return true;
  if (version === undefined) return `${what} is not known`;
  return ranges.some((range) => isInRange(version, range));
}

function buildAnswers(wanted: BuildConditions, known: EmulatorFacts): Answer[] {
  return (['linkage', 'libc', 'byDebian'] as const).map((key) => {
    if (wanted[key] === undefined) return true;
    return known[key] === undefined ? `${buildWords[key]} is not known` : known[key] === wanted[key];
  });
}

const buildWords = {
  linkage: 'how the emulator is linked',
  libc: "the emulator's C library",
  byDebian: 'who built the emulator',
} as const;

function architectureAnswer(
  wanted: readonly string[] | undefined,
  name: string | undefined,
  what: string,
): Answer {
  if (wanted === undefined) return true;
  const known = name === undefined ? undefined : lookUpArchitecture(name)?.name;
  return known === undefined ? `the architecture of ${what} is not known` : wanted.includes(known);
}

function runtimesAnswer(
  { runtimes: wanted }: Conditions,
  { runtimes: found }: Situation,
  concerned: readonly GuestRuntime[],
): Answer {
  if (wanted === undefined) return true;
  if (found === undefined) return 'what the guest was made with is not known';
  if (concerned.length === 0) return false;
  const isShown = concerned.some(({ name, version }) =>
    wanted.some((one) => one.name === name && (one.versions === undefined || version !== undefined)),
  );
  return isShown || `the version of ${concerned.map(({ path }) => path).join(', ')} is not known`;
}

/** Those of a version that is not known, too. */
function concernedRuntimes(
  wanted: readonly RuntimeCondition[],
  found: readonly GuestRuntime[],
): GuestRuntime[] {
  return found.filter(({ name, version }) =>
    wanted.some(
      (one) =>
        one.name === name &&
        (one.versions === undefined ||
          version === undefined ||
          one.versions.some((range) => isInRange(version, range))),
    ),
  );
}

const confidences = ['measured', 'confirmed', 'reported', 'disputed'] as const;

function keyOf({ advisory, unproven, isSaid }: AdvisoryMatch): readonly number[] {
  const { applies, confidence } = advisory;
  return [isSaid ? 0 : 1, unproven.length, confidences.indexOf(confidence), -Object.keys(applies).length];
}

function compareKeys(a: readonly number[], b: readonly number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
