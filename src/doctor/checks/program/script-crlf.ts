import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import type { Fault } from '../../verdict.ts';
import { askedScript } from './asked-script.ts';
import { editing } from './editing.ts';

/** As bash and env show the carriage return of an interpreter that they do not find. */
const shown =
  /\S*(?:\^M|\\r)['’"`]?: (?:bad interpreter|command not found|not found|No such file or directory)/;

export const scriptCrlf = defineCheck({
  id: 'script-crlf',
  question: "Do the script's lines end as Linux wants them?",
  severity: 'error',
  explanation:
    'With the line ends of Windows the interpreter of the first line ends with a carriage return, which nobody sees: the kernel looks for "/bin/sh\\r" and says "no such file or directory" for a script that is there. Git with core.autocrlf and editors on Windows write such files into images.',
  remedy: "sed -i 's/\\r$//' FILE",
  symptoms: ['no-such-file'],
  examine: (examination) => {
    const program = askedScript(examination);
    if ('status' in program) return saidInMessage(examination) ?? program;
    const { path, script, hasCarriageReturn } = program;
    if (!hasCarriageReturn)
      return { status: 'ok', evidence: [`the first line of ${path} has no carriage return`] };
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
      summary: `the first line of the script ${path} ends with a carriage return`,
      evidence: [`the kernel takes ${JSON.stringify(script.argument ?? script.interpreter)} for the name`],
      remedies: [editing(examination.file, 'remove the carriage returns', ['s/\\r$//', path])],
    };
  },
});

/** Without the script itself: in a container, or because nobody named it. */
function saidInMessage({ message }: Examination): Fault | undefined {
  const said = shown.exec(message?.text ?? '')?.[0];
  if (said === undefined) return undefined;
  return {
    status: 'fault',
    severity: 'error',
    certainty: 'likely',
    summary: 'the first line of the script ends with a carriage return',
    evidence: [`the name of its interpreter is printed with one: ${said}`],
    remedies: [{ does: "remove the carriage returns of the script: sed -i 's/\\r$//' SCRIPT", by: 'user' }],
  };
}
