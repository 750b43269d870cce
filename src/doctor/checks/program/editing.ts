import type { Remedy } from '../../verdict.ts';

/**
 * A file is changed by a command that can be copied only where somebody named it: what a message names may be another file of that name,
 * or nothing that was meant to run.
 *
 * @param file what was named with --file
 * @param edit sed's expression, and the file
 */
export function editing(file: string | undefined, does: string, edit: readonly [string, string]): Remedy {
  return file === undefined
    ? { does: `${does}, if ${edit[1]} is what you meant to run`, by: 'user' }
    : { does, command: ['sed', '-i', ...edit], by: 'user' };
}
