import { persistedEmulators, systemDirectory } from '../host/system-directory.ts';

/** One rule in each file, named as its entry: what the shell program registers. */
export const rulesDirectory = `${systemDirectory}/rules`;

/** The shell program that registers them, for inits that have nothing of the kind. */
export const shellProgram = `${systemDirectory}/binfmt.sh`;

/** Templates for update-binfmts, named as their entries. */
export const templatesDirectory = `${systemDirectory}/binfmts`;

/** The interpreter of a persisted entry. @param target QEMU's name */
export function persistedPath(target: string): string {
  return `${persistedEmulators}/qemu-${target}`;
}
