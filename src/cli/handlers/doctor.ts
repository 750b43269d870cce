import { fstatSync, readFileSync } from 'node:fs';
import { absolutePath } from '../../core/absolute-path.ts';
import { diagnose, readMessage, type Examination, type Scope } from '../../doctor/index.ts';
import type { Handler } from '../command.ts';
import type { doctor } from '../commands/doctor.ts';
import { directoryOption } from '../directory-option.ts';
import { doctorOutcome } from '../reports/doctor.ts';

export const handleDoctor: Handler<(typeof doctor)['options']> = async ({
  options,
  positionals,
  context,
}) => {
  const directory = process.cwd();
  const { image, file, rootfs, error, strict = false } = options;
  const text = error === undefined || error === '-' ? fromStandardInput(error === '-') : error;
  const examination: Examination = {
    host: context.host,
    scope: positionals[0] as Scope | undefined,
    image,
    file: file === undefined ? undefined : absolutePath(file, directory),
    root: rootfs === undefined ? '/' : directoryOption(context.host.files, '--rootfs', rootfs, directory),
    message: text === undefined ? undefined : readMessage(text),
    strict,
  };
  const diagnosis = await diagnose(examination, { signal: context.signal });
  return doctorOutcome(diagnosis, { strict, style: context.terminal.style });
};

/** Where nothing is asked for, only what somebody has put there: a pipe or a file. */
function fromStandardInput(isAsked: boolean): string | undefined {
  const status = fstatSync(0);
  if (!isAsked && !status.isFIFO() && !status.isFile()) return undefined;
  const text = readFileSync(0, 'utf8');
  return text === '' && !isAsked ? undefined : text;
}
