import type { ExplainedFor } from '../../table-in-force/index.ts';
import type { Outcome } from '../command.ts';
import type { Style } from '../style.ts';
import { explanationOutcome } from './explanation.ts';
import { headLines, warningLines } from './table-in-force.ts';

/** The explanation, and before it whose table it is about. */
export function explainedForOutcome({ inForce, explanation }: ExplainedFor, style: Style): Outcome {
  const { exitCode, document, text = '' } = explanationOutcome(explanation, style);
  const { process, whose, owner, foundBy, warnings } = inForce;
  const head = [...headLines(inForce, style), ...warningLines(inForce, style), ''];
  return {
    exitCode,
    ...(document === undefined
      ? {}
      : { document: { ...document, inForce: { process, whose, owner, foundBy, warnings } } }),
    text: `${head.join('\n')}\n${text}`,
  };
}
