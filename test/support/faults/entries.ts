import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { findArchitecture } from '../../../src/core/architecture.ts';
import { parseFlags } from '../../../src/core/flags.ts';
import { formatRule } from '../../../src/core/rule.ts';
import type { InjectedFault } from './fault.ts';
import { testFault } from './fault.ts';
import { exitsWith42, foreignCommand, foreignProgram, mustRun, writeToTable } from './foreign.ts';
import { privateLaboratory, type Laboratory } from './laboratory.ts';

/** A program for s390x that works by an entry of somebody's, until the fault. */
export function testOthersEntry(
  fault: Pick<InjectedFault, 'name' | 'cause' | 'inject' | 'remedy' | 'isUntold' | 'alsoErrors'> & {
    /** Of the entry that works, whose interpreter is `emulatorIn`. */
    readonly flags?: string;
  },
): void {
  const { flags = '', ...rest } = fault;
  testFault(
    async () => {
      const laboratory = await privateLaboratory();
      await registerEntry(laboratory, copyEmulator(laboratory), flags);
      return laboratory;
    },
    {
      command: (laboratory) => foreignCommand(laboratory),
      works: exitsWith42,
      ask: ({ directory }) => ['--file', foreignProgram(directory)],
      ...rest,
    },
  );
}

/** Debian's emulator for s390x. */
export function emulator(): string {
  return join(process.env['ANYARCH_TEST_QEMU_DIR'] ?? '', 'qemu-s390x');
}

/** The path of a copy of it in the laboratory's directory, or below. */
export function emulatorIn({ directory }: Laboratory, below = '.'): string {
  return join(directory, below, 'qemu-s390x');
}

export function copyEmulator(laboratory: Laboratory): string {
  const path = emulatorIn(laboratory);
  copyFileSync(emulator(), path);
  return path;
}

/** Registers a rule for s390x as others do, by hand. */
export async function registerEntry(
  laboratory: Laboratory,
  interpreter: string,
  flags = '',
  architecture = 's390x',
): Promise<void> {
  const { magic, mask, offset } = findArchitecture(architecture);
  const name = `qemu-${architecture}`;
  const rule = formatRule({
    name,
    kind: 'magic',
    offset,
    magic,
    mask,
    interpreter,
    flags: parseFlags(flags),
  });
  await writeToTable(laboratory, 'register', new TextDecoder().decode(rule));
}

/** In the place of the entry that is there. */
export async function replaceEntry(laboratory: Laboratory, interpreter: string, flags = ''): Promise<void> {
  await writeToTable(laboratory, 'qemu-s390x', '-1');
  await registerEntry(laboratory, interpreter, flags);
}

/** A table in which anyarch has registered s390x. */
export async function registeredLaboratory(): Promise<Laboratory> {
  const laboratory = await privateLaboratory();
  await mustRun(laboratory, 'register', 's390x');
  return laboratory;
}

/** Runs a command of the host there to its good end. */
export async function mustSucceed(laboratory: Laboratory, command: readonly string[]): Promise<void> {
  const { exitCode, stderr } = await laboratory.run(command);
  if (exitCode !== 0) throw new Error(`${command.join(' ')}: ${stderr}`);
}

/** For faults that are made without waiting. */
export function atOnce(action: () => void): Promise<void> {
  action();
  return Promise.resolve();
}
