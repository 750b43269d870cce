import type { Examination } from '../../examination.ts';
import { askedProgram, type AskedProgram } from '../../facts/asked-program.ts';
import type { ScriptLine } from '../../../registration/index.ts';
import type { Verdict } from '../../verdict.ts';
import { noFile } from './no-file.ts';

/** The script that was asked about, or the verdict on what is none. */
export function askedScript(
  examination: Examination,
): (AskedProgram & { readonly script: ScriptLine; readonly hasCarriageReturn: boolean }) | Verdict {
  const program = askedProgram(examination);
  if (program === undefined) return noFile;
  const { path, script } = program;
  if (script === undefined) return { status: 'skipped', reason: `${path} is no script with #!` };
  return { ...program, script, hasCarriageReturn: (script.argument ?? script.interpreter).endsWith('\r') };
}
