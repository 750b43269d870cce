import { lookUpArchitecture } from '../core/architecture.ts';
import { persistedEmulators, systemDirectory } from '../host/system-directory.ts';

/** One rule in each file, named as its entry: what the shell program registers. */
export const rulesDirectory = `${systemDirectory}/rules`;

/** The shell program that registers them, for inits that have nothing of the kind. */
export const shellProgram = `${systemDirectory}/binfmt.sh`;

/** Templates for update-binfmts, named as their entries. */
export const templatesDirectory = `${systemDirectory}/binfmts`;

/** A comment in every file of ours that can have one; it tells a file of ours where no record does. */
export const origin = '# Made by "anyarch persist enable", removed by "anyarch persist disable".';

/** The interpreter of a persisted entry. @param target QEMU's name */
export function persistedPath(target: string): string {
  return `${persistedEmulators}/qemu-${target}`;
}

/** The target of such a path; undefined for every other one. */
export function persistedTarget(path: string): string | undefined {
  const start = persistedPath('');
  const target = path.startsWith(start) ? path.slice(start.length) : '';
  return lookUpArchitecture(target)?.name === target ? target : undefined;
}
