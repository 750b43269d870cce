import { commandName } from '../../remedies/register.ts';
import type { EngineProbe, ProbeInContainer } from '../../facts/engines/engine-probe.ts';

/** QEMU's target names of what did not run in a container. */
export function refusedOf({ foreign }: EngineProbe): string[] {
  return [...foreign].flatMap(([architecture, { kind }]) =>
    kind === 'refused' || kind === 'runs-nothing' ? [architecture] : [],
  );
}

/** A line for each probe that was executed. */
export function probeEvidence({ engine, foreign }: EngineProbe): string[] {
  return [...foreign].map(
    ([architecture, outcome]) =>
      `a probe for ${commandName(architecture)} in a container of ${engine.name}: ${described(outcome)}`,
  );
}

function described(outcome: ProbeInContainer): string {
  switch (outcome.kind) {
    case 'runs':
      return 'it ran';
    case 'refused':
      return outcome.said;
    case 'runs-nothing':
      return 'ended with 0 without having run';
    case 'unknown':
      return outcome.reason;
  }
}
