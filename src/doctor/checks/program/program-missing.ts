import { defineCheck } from '../../check.ts';
import { askedProgram } from '../../facts/asked-program.ts';
import { noFile } from './no-file.ts';

export const programMissing = defineCheck({
  id: 'program-missing',
  question: 'Is the program itself there?',
  severity: 'error',
  explanation:
    '"No such file or directory" may simply be true: a path with a mistake in it, or a link to a file that is gone. It is looked at first, because the same words are printed for an interpreter or a loader that is missing.',
  remedy: 'give the path of a file that is there',
  symptoms: ['no-such-file', 'too-many-links'],
  examine: (examination) => {
    const program = askedProgram(examination);
    if (program === undefined) return noFile;
    const { path, problem } = program;
    if (problem === undefined || problem.errno === 'EACCES')
      return { status: 'ok', evidence: [`${path} is there`] };
    return {
      status: 'fault',
      severity: 'error',
      certainty: 'proven',
      summary: problem.reason,
      evidence: [`execve of ${path} fails with ${problem.errno}`],
      remedies: [{ does: 'give the path of a program that is there, or make it anew', by: 'user' }],
    };
  },
});
