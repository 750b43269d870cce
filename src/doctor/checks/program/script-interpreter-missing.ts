import { followInside } from '../../../host/follow-inside.ts';
import { defineCheck } from '../../check.ts';
import type { Examination } from '../../examination.ts';
import type { AskedProgram } from '../../facts/asked-program.ts';
import type { Fault, Remedy } from '../../verdict.ts';
import { askedScript } from './asked-script.ts';
import { editing } from './editing.ts';

/** Where programs are looked for that a script may have meant. */
const usualDirectories = ['/bin', '/usr/bin', '/usr/local/bin', '/sbin', '/usr/sbin'];

export const scriptInterpreterMissing = defineCheck({
  id: 'script-interpreter-missing',
  question: "Is the script's interpreter there?",
  severity: 'error',
  explanation:
    'A script is run by the program that its first line names. Where that is not in the root file system, the kernel says "no such file or directory", and names the script: /bin/bash in an image of Alpine or busybox, /usr/bin/python where there is only python3.',
  remedy: 'install the interpreter, or name one that is there in the first line',
  symptoms: ['no-such-file'],
  examine: (examination) => {
    const program = askedScript(examination);
    if ('status' in program) return program;
    const { script, hasCarriageReturn } = program;
    if (hasCarriageReturn) return { status: 'skipped', reason: 'its first line ends with a carriage return' };
    const { root, host } = examination;
    const { interpreter } = script;
    if (followInside(host.files, root, interpreter) === undefined)
      return faultOf(examination, program, interpreter, `there is no ${interpreter} in ${root}`);
    const name = namedByEnv(script.interpreter, script.argument);
    if (name === undefined || elsewhere(examination, name).length > 0)
      return { status: 'ok', evidence: [`${name ?? interpreter} is in ${root}`] };
    return faultOf(
      examination,
      program,
      name,
      `${interpreter} looks for ${name} in the PATH; it is in none of ${usualDirectories.join(', ')}`,
    );
  },
});

function faultOf(examination: Examination, { path }: AskedProgram, missing: string, evidence: string): Fault {
  const name = missing.slice(missing.lastIndexOf('/') + 1);
  const [found] = elsewhere(examination, name);
  const install: Remedy = { does: `install ${name} there`, by: 'user' };
  return {
    status: 'fault',
    severity: 'error',
    certainty: 'proven',
    summary: `the interpreter ${missing} of the script ${path} is not there`,
    evidence: [evidence],
    remedies:
      found === undefined || !missing.startsWith('/')
        ? [install]
        : [
            editing(examination.file, `name ${found}, which is there`, [`1s|${missing}|${found}|`, path]),
            install,
          ],
  };
}

function elsewhere({ host, root }: Examination, name: string): string[] {
  return usualDirectories
    .map((directory) => `${directory}/${name}`)
    .filter((path) => followInside(host.files, root, path) !== undefined);
}

/** `#!/usr/bin/env -S python3 -u` */
function namedByEnv(interpreter: string, argument: string | undefined): string | undefined {
  if (!interpreter.endsWith('/env') || argument === undefined) return undefined;
  const words = argument.split(/[ \t]+/).filter((word) => !word.startsWith('-') && !word.includes('='));
  return words[0]?.includes('/') === true ? undefined : words[0];
}
