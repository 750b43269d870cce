import type { Emulator } from './emulator.ts';

/**
 * An interpreter that is not in this file system, taken at its word: without flag F the kernel looks it up at each
 * exec, in the file system of the program.
 *
 * @param target QEMU's target name
 * @param path absolute
 */
export function unseenEmulator(target: string, path: string): Emulator {
  return { target, path, version: 'unknown', linkage: 'static', origin: 'unseen', preservesArgv0: false };
}
