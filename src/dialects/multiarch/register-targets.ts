import { AnyarchError } from '../../core/error.ts';
import { scriptTargetsFor, type ScriptTarget } from '../../core/templates/script-target.ts';
import { quote } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import {
  ensureMounted,
  register,
  withProver,
  withTableLock,
  type ArchitectureResult,
} from '../../registration/index.ts';
import { confinementWarnings, withWarnings } from '../confinement/warnings.ts';
import type { DialectOutcome } from '../dialect.ts';
import { emulatorAt } from '../emulator-at.ts';
import { removedNote } from '../removed-note.ts';
import { problemList, type Problem } from '../problem-list.ts';
import { interpreterPath } from './interpreter-path.ts';
import { existingEntries } from './existing-entries.ts';
import type { MultiarchWish } from './options.ts';

/**
 * What the predecessor does without `--systemd` and `--debian`: the whole list of targets, one by one.
 *
 * @throws AnyarchError what concerns all of them: ANYARCH_HOST_UNSUPPORTED, ANYARCH_BINFMT_…, ANYARCH_PERMISSION
 */
export function registerTargets(host: Host, wish: MultiarchWish): DialectOutcome {
  const all = targetsFor(host, wish).filter(({ name, architecture }) => name === architecture.name);
  const targets = presentOf(host, all, wish);
  // In a container the table is there and not mounted yet: entries would be overlooked.
  ensureMounted(host);
  return withTableLock(host, (locked) => registerThem(locked, wish, targets, all.length - targets.length));
}

function registerThem(
  host: Host,
  wish: MultiarchWish,
  targets: readonly ScriptTarget[],
  leftOut: number,
): DialectOutcome {
  const { kept, taken } = wish.reset ? nothingExists : existingEntries(host, targets, wish);
  const settled = new Set([...kept, ...taken.map(({ subject }) => subject)]);
  const report = register(host, {
    architectures: targets.map(({ name }) => name).filter((name) => !settled.has(name)),
    reset: wish.reset,
    credentials: wish.credentials,
    fixBinary: wish.fixBinary,
    preserveArgv0: wish.preserveArgv0,
    unseen: !wish.fixBinary,
    choose: (target) => emulatorAt(host, target, interpreterPath(wish, target), wish.fixBinary),
  });
  const { results } = report;
  const native = results.filter(({ error }) => error?.code === 'ANYARCH_NATIVE_ARCHITECTURE');
  const failed = [...taken, ...results.filter((one) => !native.includes(one)).flatMap(problemOf)];
  const problems = inOrder([...failed, ...unprovenOf(host, kept, wish)], targets);
  const attempted = targets.filter(({ name }) => !native.some(({ architecture }) => architecture === name));
  const outcome = {
    exitCode: exitCode(new Set(problems.map(({ subject }) => subject)).size, attempted.length),
    stdout: attempted.map((target) => `${settingLine(target, wish)}\n`).join(''),
    stderr:
      leftOutNote(leftOut, wish.qemuPath) +
      problemList(problems) +
      [...native.map(nativeNote), ...results.flatMap(nameNote)].join('') +
      removedNote(host, report),
  };
  const { fixBinary, qemuPath: directory } = wish;
  return withWarnings(outcome, confinementWarnings(host, { fixBinary, directory }));
}

/**
 * An image of a few architectures pins what it has. Where it has none at all, or where nothing is pinned, every target
 * is meant.
 */
function presentOf(
  { files }: Pick<Host, 'files'>,
  targets: readonly ScriptTarget[],
  wish: MultiarchWish,
): readonly ScriptTarget[] {
  if (!wish.fixBinary) return targets;
  const present = targets.filter(({ name }) => files.status(interpreterPath(wish, name)) !== undefined);
  return present.length === 0 ? targets : present;
}

function leftOutNote(count: number, directory: string): string {
  return count === 0 ? '' : `left out ${count} targets that ${directory} has no emulator for\n`;
}

const nothingExists = { kept: [], taken: [] };

/** @throws AnyarchError ANYARCH_HOST_UNSUPPORTED */
export function targetsFor({ system }: Pick<Host, 'system'>, wish: MultiarchWish): readonly ScriptTarget[] {
  const machine = wish.machine ?? system.machine;
  const targets = scriptTargetsFor(machine, wish.ignoreFamily);
  if (targets !== undefined) return targets;
  throw new AnyarchError('ANYARCH_HOST_UNSUPPORTED', `unknown host CPU ${quote(machine)}`, {
    hint: 'name it by HOST_ARCH, as uname -m would: -e HOST_ARCH=x86_64',
  });
}

/** Scripts look for these lines, which the predecessor prints whether a target fails or not. */
export function settingLine({ name, architecture }: ScriptTarget, wish: MultiarchWish): string {
  return `Setting ${interpreterPath(wish, architecture.name)} as binfmt interpreter for ${name}`;
}

function problemOf({ architecture, name, error }: ArchitectureResult): Problem[] {
  return error === undefined ? [] : [{ ...error, subject: architecture ?? name ?? 'binfmt_misc' }];
}

/** An entry that is kept is proven as a new one is. Without flag F its interpreter may be in other containers only. */
function unprovenOf(host: Host, kept: readonly string[], wish: MultiarchWish): Problem[] {
  const tried = kept.filter(
    (name) => wish.fixBinary || host.files.status(interpreterPath(wish, name)) !== undefined,
  );
  if (tried.length === 0) return [];
  const proofs = withProver(host, stateDirectory(host.system), (prover) => prover.prove(tried));
  return [...proofs].flatMap(([subject, proof]): Problem[] => {
    if (proof.status !== 'failed') return [];
    const { reason, hint } = proof;
    return [
      {
        subject,
        code: 'ANYARCH_PROBE_FAILED',
        message: `qemu-${subject} was there already: ${reason}`,
        hint,
      },
    ];
  });
}

function inOrder(problems: readonly Problem[], targets: readonly ScriptTarget[]): Problem[] {
  const position = ({ subject }: Problem): number => {
    const found = targets.findIndex(({ name }) => name === subject);
    return found === -1 ? targets.length : found;
  };
  return problems.toSorted((a, b) => position(a) - position(b));
}

function nativeNote({ architecture = '' }: ArchitectureResult): string {
  return `anyarch: ${architecture} is left out: this kernel runs its programs natively\n`;
}

/** Where the usual name is somebody's whose entries we do not touch. */
function nameNote({ architecture, name, error }: ArchitectureResult): string[] {
  const usual = `qemu-${architecture ?? ''}`;
  if (architecture === undefined || name === usual || name === undefined || error !== undefined) return [];
  if (!name.startsWith('anyarch-')) return [];
  return [`anyarch: ${architecture} is registered as ${name}: ${usual} is of others and stays\n`];
}

function exitCode(failed: number, attempted: number): number {
  if (failed === 0) return 0;
  return failed < attempted ? 3 : 1;
}
