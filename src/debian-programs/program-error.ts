import { AnyarchError } from '../core/error.ts';

export function noSuchProgram(name: string, where: string, hint: string): AnyarchError {
  return new AnyarchError('ANYARCH_PROGRAM_NOT_FOUND', `there is no program ${name} ${where}`, {
    hint,
    details: { program: name },
  });
}
