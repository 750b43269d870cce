import { errorCodes } from '../../core/error-code.ts';
import { AnyarchError } from '../../core/error.ts';
import { binfmtAt } from '../../host/binfmt-at.ts';
import type { Host } from '../../host/host.ts';
import { stateDirectory } from '../../host/state-directory.ts';
import { ensureMounted, readTable, withTableLock } from '../../registration/index.ts';
import type { Dialect, DialectCall, DialectOutcome } from '../dialect.ts';
import { goUsage, parseGoFlags, type GoFlag } from '../go-flags.ts';
import { fatalOutcome, problemText } from '../problem.ts';
import { statusJson } from './go-json.ts';
import { install } from './install.ts';
import { failed, type Step } from './step.ts';
import { findSupported, supportedPlatforms } from './supported.ts';
import { uninstall } from './uninstall.ts';
import { versionLine } from './version.ts';

const flags: readonly GoFlag[] = [
  { name: 'install', kind: 'string', meaning: 'register emulators: all, or platforms with commas between' },
  {
    name: 'mount',
    kind: 'string',
    meaning: 'where binfmt_misc is, or is to be mounted',
    fallback: '/proc/sys/fs/binfmt_misc',
  },
  {
    name: 'uninstall',
    kind: 'string',
    meaning: 'remove entries: names, patterns such as qemu-*, or platforms, with commas between',
  },
  { name: 'version', kind: 'boolean', meaning: 'print versions' },
];

const usage = `Usage of anyarch, as tonistiigi/binfmt:\n${goUsage(flags)}`;

/** tonistiigi/binfmt's command line. Progress goes to stderr, the status as JSON to stdout, whatever has failed. */
export const binfmt: Dialect = (call) => {
  const parsed = parseGoFlags(call.words, flags);
  if (parsed.kind === 'help') return { exitCode: 0, stdout: '', stderr: usage };
  if (parsed.kind === 'wrong') return wrongUsage(parsed.message);
  const [operand] = parsed.operands;
  if (operand !== undefined) return wrongUsage(`unexpected word ${JSON.stringify(operand)}`);
  if (parsed.values.get('version') === 'true')
    return { exitCode: 0, stdout: '', stderr: `${versionLine(call.host, call.version)}\n` };
  return run(call, parsed.values);
};

function wrongUsage(message: string): DialectOutcome {
  const { exitCode, stderr } = fatalOutcome(new AnyarchError('ANYARCH_USAGE', message), 'error: ');
  return { exitCode, stdout: '', stderr: `${usage}${stderr}` };
}

function run({ host: given }: DialectCall, values: ReadonlyMap<string, string>): DialectOutcome {
  const path = values.get('mount');
  const host = path === undefined ? given : { ...given, binfmt: binfmtAt(given, path) };
  try {
    const state = stateDirectory(host.system);
    ensureMounted(host);
    const steps = [values.get('uninstall') ?? '', values.get('install') ?? ''].every((list) => list === '')
      ? []
      : withTableLock(host, (locked) => carryOut(locked, state, values));
    return report(host, state, steps);
  } catch (error) {
    return fatalOutcome(error, 'error: ');
  }
}

function carryOut(host: Host, state: string, values: ReadonlyMap<string, string>): Step[] {
  const removed = attempt('uninstalling', values.get('uninstall'), (list) => uninstall(host, state, list));
  const installed = attempt('installing', values.get('install'), (list) => install(host, state, list));
  return [...removed, ...installed];
}

/** The status is printed all the same when everything fails: callers parse it. */
function attempt(what: string, list: string | undefined, action: (list: string) => Step[]): Step[] {
  if (list === undefined || list === '') return [];
  try {
    return action(list);
  } catch (error) {
    if (!(error instanceof AnyarchError)) throw error;
    return [failed(`${what}: ${list} ${problemText(error)}`, errorCodes[error.code])];
  }
}

function report(host: Host, state: string, steps: readonly Step[]): DialectOutcome {
  const supported = findSupported(host, state);
  const platforms = supportedPlatforms(host, state, supported);
  const emulators = readTable(host)
    .entries.filter(({ text }) => text.startsWith('enabled'))
    .map(({ name }) => name)
    .sort();
  const lines = [
    ...(supported.untried === undefined ? [] : [`warning: nothing could be tried: ${supported.untried}`]),
    ...steps.map(({ text }) => text),
    ...summary(steps),
  ];
  return {
    exitCode: exitCodeOf(steps),
    stdout: `${statusJson(platforms, emulators)}\n`,
    stderr: lines.map((line) => `${line}\n`).join(''),
  };
}

/** 3: partly done. */
function exitCodeOf(steps: readonly Step[]): number {
  const failure = steps.find(({ exitCode }) => exitCode !== 0);
  return failure !== undefined && steps.some(({ outcome }) => outcome === 'done')
    ? 3
    : (failure?.exitCode ?? 0);
}

/** The last line is all that docker/setup-qemu-action shows of a failure; a warning is the last one by itself. */
function summary(steps: readonly Step[]): string[] {
  const failures = steps.filter(({ outcome }) => outcome === 'failed');
  const [first] = failures;
  if (first === undefined) return [];
  const tried = steps.filter(({ outcome }) => outcome === 'failed' || outcome === 'done');
  return [`error: ${failures.length} of ${tried.length} failed: ${first.text}`];
}
