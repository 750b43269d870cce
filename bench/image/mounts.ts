import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../programs.ts';

/** Where the peers find all emulators, and a few: the same files as in anyarch's image. */
export const emulatorPaths = { all: '/emulators', some: '/emulators-some' } as const;

/**
 * Makes a root look as in a container, in the mount namespace of this process: docker's /dev/shm is mounted noexec.
 * @param emulators directories of this machine for `emulatorPaths`
 */
export function enterRoot(
  root: string,
  emulators: Readonly<Record<keyof typeof emulatorPaths, string>> | undefined,
): void {
  const at = (path: string) => {
    mkdirSync(join(root, path), { recursive: true });
    return join(root, path);
  };
  runProgram(['mount', '--rbind', '/proc', at('/proc')]);
  runProgram(['mount', '--rbind', '/dev', at('/dev')]);
  runProgram(['mount', '-t', 'tmpfs', '-o', 'noexec,nosuid,nodev', 'shm', at('/dev/shm')]);
  if (emulators === undefined) return;
  runProgram(['mount', '--bind', emulators.all, at(emulatorPaths.all)]);
  runProgram(['mount', '--bind', emulators.some, at(emulatorPaths.some)]);
}
