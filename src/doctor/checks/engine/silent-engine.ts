import type { Examination } from '../../examination.ts';
import { engines, engineTitle, namedEngine } from '../../facts/engines/engines.ts';
import type { Silence, SilentEngine } from '../../facts/engines/found-engine.ts';
import type { Fault, Verdict } from '../../verdict.ts';

/** One kind of silence. What was not named and is silent is nobody's worry: worth a note. */
export function silenceVerdict(
  examination: Examination,
  why: Silence['why'],
  faultOf: (engine: SilentEngine) => Pick<Fault, 'summary' | 'remedies'> & Partial<Pick<Fault, 'certainty'>>,
): Verdict {
  const looked = engines(examination);
  const silent = looked.find((one) => one.state === 'silent' && one.silence.why === why);
  if (silent?.state === 'silent') {
    const isNamed =
      namedEngine(examination) === silent.name || (examination.image !== undefined && answersNone(looked));
    return {
      status: 'fault',
      severity: isNamed ? 'error' : 'note',
      certainty: isNamed ? 'proven' : 'possible',
      evidence: [silent.silence.reason, ...linesOf(silent)],
      ...faultOf(silent),
    };
  }
  const there = looked.filter(({ state }) => state !== 'absent');
  if (there.length === 0) return { status: 'skipped', reason: 'there is no engine to be asked' };
  return {
    status: 'ok',
    evidence: there.map((one) =>
      one.state === 'answers'
        ? `${engineTitle(one)} answers`
        : one.state === 'silent'
          ? `${one.name}: ${one.silence.reason}`
          : `${one.name}: ${one.reason}`,
    ),
  };
}

/** An image is an engine's matter, although none was named. */
function answersNone(looked: ReturnType<typeof engines>): boolean {
  return !looked.some(({ state }) => state === 'answers');
}

function linesOf({ endpoint, silence: { said, reason } }: SilentEngine): string[] {
  return [
    ...(endpoint === undefined ? [] : [`it is asked at ${endpoint}`]),
    ...said.split('\n').filter((line) => line !== '' && !reason.includes(line)),
  ];
}
