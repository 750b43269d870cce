import { chmodSync, symlinkSync, truncateSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildProbe } from '../../src/core/probe/probe.ts';
import { describeWith, needs } from '../support/engines/requirements.ts';
import { atOnce, mustSucceed, registeredLaboratory } from '../support/faults/entries.ts';
import { testFault, type InjectedFault } from '../support/faults/fault.ts';
import { exitsWith42, foreignProgram } from '../support/faults/foreign.ts';
import type { Laboratory } from '../support/faults/laboratory.ts';

const requirements = [needs.qemu, needs.hostTable];

/** A program for s390x that runs, until something is done to it. */
function testProgramFault(
  fault: Pick<InjectedFault, 'name' | 'cause' | 'inject' | 'remedy' | 'isUntold' | 'alsoErrors'>,
): void {
  testFault(withProgram, {
    command: (laboratory) => ['bash', '-c', programOf(laboratory)],
    works: exitsWith42,
    ask: (laboratory) => ['--file', programOf(laboratory)],
    ...fault,
  });
}

describeWith(requirements, 'a program that cannot be opened', () => {
  testProgramFault({
    name: 'a link to what is gone',
    cause: 'program-missing',
    inject: (laboratory) => {
      unlinkSync(programOf(laboratory));
      symlinkSync('gone', programOf(laboratory));
      return Promise.resolve();
    },
    remedy: (laboratory) => {
      unlinkSync(programOf(laboratory));
      return restore(laboratory);
    },
  });

  testProgramFault({
    name: 'it was copied without its mode',
    cause: 'program-not-executable',
    inject: (laboratory) =>
      atOnce(() => {
        chmodSync(programOf(laboratory), 0o644);
      }),
  });

  testFault(onItsOwnMount, {
    name: 'it is on a file system that is mounted noexec',
    cause: 'program-not-executable',
    inject: ({ directory, ...laboratory }) =>
      mustSucceed({ directory, ...laboratory }, [
        'mount',
        '-o',
        'remount,noexec',
        join(directory, 'mounted'),
      ]),
    command: ({ directory }) => ['bash', '-c', join(directory, 'mounted/program')],
    works: exitsWith42,
    ask: ({ directory }) => ['--file', join(directory, 'mounted/program')],
  });
});

describeWith(requirements, 'a program that is none', () => {
  testProgramFault({
    name: 'a copy that was cut off',
    cause: 'program-truncated',
    inject: (laboratory) =>
      atOnce(() => {
        truncateSync(programOf(laboratory), 90);
      }),
    remedy: restore,
  });

  testProgramFault({
    name: 'a web page that was saved in its place',
    cause: 'program-not-runnable',
    isUntold: "bash's words for a mistake in any script",
    inject: (laboratory) =>
      atOnce(() => {
        writeFileSync(programOf(laboratory), '<!DOCTYPE html>\n<title>404</title>\n');
      }),
    remedy: restore,
  });

  testProgramFault({
    name: 'for a machine that nobody emulates',
    cause: 'architecture-unknown',
    inject: (laboratory) => {
      const bytes = Uint8Array.from(buildProbe('aarch64'));
      bytes[18] = 50;
      writeFileSync(programOf(laboratory), bytes);
      return Promise.resolve();
    },
    remedy: restore,
  });
});

describeWith(requirements, 'a script', () => {
  testScriptFault({
    name: 'was saved by an editor of Windows',
    cause: 'script-crlf',
    broken: '#!/bin/sh\r\nexit 42\r\n',
  });

  testScriptFault({
    name: 'names an interpreter that is elsewhere here',
    cause: 'script-interpreter-missing',
    broken: '#!/opt/shells/sh\nexit 42\n',
  });
});

function testScriptFault({
  broken,
  ...fault
}: Pick<InjectedFault, 'name' | 'cause'> & { readonly broken: string }): void {
  testFault(withScript, {
    inject: (laboratory) =>
      atOnce(() => {
        writeFileSync(scriptOf(laboratory), broken);
      }),
    command: (laboratory) => ['bash', '-c', scriptOf(laboratory)],
    works: exitsWith42,
    ask: (laboratory) => ['--file', scriptOf(laboratory)],
    ...fault,
  });
}

async function withScript(): Promise<Laboratory> {
  const laboratory = await registeredLaboratory();
  writeFileSync(scriptOf(laboratory), '#!/bin/sh\nexit 42\n', { mode: 0o755 });
  return laboratory;
}

async function withProgram(): Promise<Laboratory> {
  const laboratory = await registeredLaboratory();
  foreignProgram(laboratory.directory);
  return laboratory;
}

/** The program is on a file system in memory, in the laboratory's mount namespace. */
async function onItsOwnMount(): Promise<Laboratory> {
  const laboratory = await withProgram();
  const mounted = join(laboratory.directory, 'mounted');
  await mustSucceed(laboratory, ['mkdir', mounted]);
  await mustSucceed(laboratory, ['mount', '-t', 'tmpfs', 'tmpfs', mounted]);
  await mustSucceed(laboratory, ['cp', programOf(laboratory), join(mounted, 'program')]);
  return laboratory;
}

function restore({ directory }: Laboratory): Promise<string> {
  return Promise.resolve(foreignProgram(directory));
}

function programOf({ directory }: Laboratory): string {
  return join(directory, 'foreign-s390x');
}

function scriptOf({ directory }: Laboratory): string {
  return join(directory, 'script');
}
