import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildProbe } from '../../../src/core/probe/probe.ts';
import type { CommandResult } from '../command.ts';
import { describeFailure } from '../command.ts';
import type { Laboratory } from './laboratory.ts';

/**
 * A command that executes a foreign program, written into the laboratory's directory as `foreign-ARCHITECTURE`. By bash, which
 * prints what execve fails with: others run a program that the kernel refuses as a script of theirs.
 *
 * @param architecture QEMU's target name
 */
export function foreignCommand({ directory }: Laboratory, architecture = 's390x'): readonly string[] {
  return ['bash', '-c', foreignProgram(directory, architecture)];
}

/** The path of a static program without a loader that does nothing but exit with 42. */
export function foreignProgram(directory: string, architecture = 's390x'): string {
  const path = join(directory, `foreign-${architecture}`);
  writeFileSync(path, buildProbe(architecture), { mode: 0o755 });
  return path;
}

export function exitsWith42({ exitCode }: CommandResult): boolean {
  return exitCode === 42;
}

/** Writes to a file of the table, by one write. */
export async function writeToTable(
  laboratory: Laboratory,
  file: string,
  text: string,
): Promise<CommandResult> {
  const result = await laboratory.run(['tee', `/proc/sys/fs/binfmt_misc/${file}`], text);
  if (result.exitCode !== 0) throw new Error(describeFailure(result));
  return result;
}

/** Runs `anyarch` to its good end. */
export async function mustRun(laboratory: Laboratory, ...args: readonly string[]): Promise<void> {
  const result = await laboratory.anyarch(args);
  if (result.exitCode !== 0) throw new Error(describeFailure(result));
}
