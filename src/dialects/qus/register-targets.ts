import { AnyarchError } from '../../core/error.ts';
import { scriptTargets, scriptTargetsFor, type ScriptTarget } from '../../core/templates/script-target.ts';
import { quote } from '../../core/text.ts';
import type { Emulator } from '../../emulators/index.ts';
import type { Host } from '../../host/host.ts';
import { register, type ArchitectureResult } from '../../registration/index.ts';
import { confinementWarnings, withWarnings } from '../confinement/warnings.ts';
import type { DialectOutcome } from '../dialect.ts';
import { emulatorAt } from '../emulator-at.ts';
import { problemList, type Problem } from '../problem-list.ts';
import type { ScriptWish } from './options.ts';

/**
 * Registers the targets; with `test` nothing is changed. What is there already for them is replaced.
 *
 * @throws AnyarchError what concerns all of them: ANYARCH_HOST_UNSUPPORTED, ANYARCH_BINFMT_…, ANYARCH_PERMISSION,
 *   ANYARCH_EMULATOR_NOT_FOUND when no target is named and there is none for any
 */
export function registerTargets(host: Host, wish: ScriptWish): DialectOutcome {
  const choose = (target: string): Emulator => chooseEmulator(host, target, wish);
  const { results } = register(host, {
    architectures: architecturesFor(host, wish, choose),
    credentials: wish.credentials,
    fixBinary: wish.persistent,
    preserveArgv0: wish.preserveArgv0,
    unseen: !wish.persistent,
    adopt: true,
    dryRun: wish.test,
    choose,
  });
  const native = results.filter(({ error }) => error?.code === 'ANYARCH_NATIVE_ARCHITECTURE');
  const attempted = results.filter((result) => result.architecture !== undefined && !native.includes(result));
  const problems = attempted.flatMap(problemOf);
  const notes = [...(wish.targets.length > 0 ? native.map(nativeNote) : []), ...attempted.flatMap(nameNote)];
  const outcome: DialectOutcome = {
    exitCode: exitCode(problems.length, attempted.length),
    stdout: wish.test ? '' : attempted.map((result) => settingLine(result, wish)).join(''),
    stderr: problemList(problems) + notes.join(''),
  };
  if (wish.test || attempted.length === 0) return outcome;
  const { persistent: fixBinary, path: directory } = wish;
  return withWarnings(outcome, confinementWarnings(host, { fixBinary, directory }));
}

/** What is natively run of the machine's family is found out by executing; another machine's can only be guessed. */
function targetsFor(
  { system }: Pick<Host, 'system'>,
  { targets, machine }: ScriptWish,
): readonly ScriptTarget[] {
  const isNamed = ({ name }: ScriptTarget): boolean => targets.includes(name);
  if (machine === undefined && targets.length > 0) return scriptTargets.filter(isNamed);
  const all = scriptTargetsFor(machine ?? system.machine, machine === undefined);
  if (all === undefined) {
    throw new AnyarchError(
      'ANYARCH_HOST_UNSUPPORTED',
      `unknown host CPU ${quote(machine ?? system.machine)}`,
      {
        hint: 'name it by HOST_ARCH, as uname -m would: -e HOST_ARCH=x86_64',
      },
    );
  }
  return targets.length === 0 ? all : all.filter(isNamed);
}

/** The emulator and the entry of i386 are those of i486. */
function architecturesFor(host: Host, wish: ScriptWish, choose: (target: string) => Emulator): string[] {
  const names = [...new Set(targetsFor(host, wish).map(({ architecture }) => architecture.name))];
  if (wish.targets.length > 0 || !wish.persistent) return names;
  const available = names.filter((name) => hasEmulator(choose, name));
  const [first] = names;
  // Throws, with the reason.
  if (available.length === 0 && first !== undefined) choose(first);
  return available;
}

/** One that is there and cannot be used is an error that is to be seen. */
function hasEmulator(choose: (target: string) => unknown, target: string): boolean {
  try {
    choose(target);
    return true;
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    return error.code !== 'ANYARCH_EMULATOR_NOT_FOUND';
  }
}

/** With flag F, the image's own name will do where `-s` was forgotten. */
function chooseEmulator(host: Host, target: string, wish: ScriptWish): Emulator {
  const path = `${wish.path}/qemu-${target}${suffixFor(host, target, wish)}`;
  return emulatorAt(host, target, path, wish.persistent);
}

function suffixFor(
  { files }: Pick<Host, 'files'>,
  target: string,
  { path, suffix, persistent }: ScriptWish,
): string {
  const exists = (end: string): boolean => files.status(`${path}/qemu-${target}${end}`) !== undefined;
  return persistent && suffix === '' && !exists('') && exists('-static') ? '-static' : suffix;
}

/** Scripts look for these lines, which the predecessor prints whether a target fails or not. */
function settingLine(
  { architecture = '', emulator }: ArchitectureResult,
  { path, suffix }: ScriptWish,
): string {
  const interpreter = emulator?.path ?? `${path}/qemu-${architecture}${suffix}`;
  return `Setting ${interpreter} as binfmt interpreter for ${architecture}\n`;
}

function problemOf({ architecture = '', error }: ArchitectureResult): Problem[] {
  return error === undefined ? [] : [{ ...error, subject: architecture }];
}

function nativeNote({ architecture = '' }: ArchitectureResult): string {
  return `anyarch: ${architecture} is left out: this kernel runs its programs natively\n`;
}

/** Where the usual name is somebody's whose entries we do not touch. */
function nameNote({ architecture = '', name, error }: ArchitectureResult): string[] {
  if (error !== undefined || name?.startsWith('anyarch-') !== true) return [];
  return [`anyarch: ${architecture} is registered as ${name}: qemu-${architecture} is of others and stays\n`];
}

function exitCode(failed: number, attempted: number): number {
  if (failed === 0) return 0;
  return failed < attempted ? 3 : 1;
}
