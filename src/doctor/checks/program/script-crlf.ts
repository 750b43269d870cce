import { defineCheck } from '../../check.ts';
import { askedProgram } from '../../facts/asked-program.ts';
import { noFile } from './no-file.ts';

export const scriptCrlf = defineCheck({
  id: 'script-crlf',
  question: "Do the script's lines end as Linux wants them?",
  severity: 'error',
  explanation:
    'With the line ends of Windows the interpreter of the first line ends with a carriage return, which nobody sees: the kernel looks for "/bin/sh\\r" and says "no such file or directory" for a script that is there. Git with core.autocrlf and editors on Windows write such files into images.',
  remedy: "sed -i 's/\\r$//' FILE",
  symptoms: ['no-such-file'],
  examine: (examination) => {
    const program = askedProgram(examination);
    if (program === undefined) return noFile;
    const { path, script } = program;
    if (script === undefined) return { status: 'skipped', reason: `${path} is no script with #!` };
    const { interpreter, argument } = script;
    const last = argument ?? interpreter;
    if (!last.endsWith('\r'))
      return { status: 'ok', evidence: [`the first line of ${path} has no carriage return`] };
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
      summary: `the first line of the script ${path} ends with a carriage return`,
      evidence: [`the kernel takes ${JSON.stringify(last)} for the name`],
      remedies: [
        { does: 'remove the carriage returns', command: ['sed', '-i', 's/\\r$//', path], by: 'user' },
      ],
    };
  },
});
