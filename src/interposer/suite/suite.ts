import { findArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Emulator } from '../../emulators/index.ts';
import type { Host } from '../../host/host.ts';
import { isAbandoned, ownToken } from '../../store/index.ts';
import type { SuiteResult } from '../record.ts';
import { tryExplicitly, untriedIn } from './explicit.ts';
import { guestPrograms, tryGuests, type Trial } from './guests.ts';
import { countCases, differenceOf, isComplete, type Tried } from './outputs.ts';
import { tryProbes } from './probes.ts';

export interface SuiteOptions {
  /** The package's `build/`. */
  readonly build: string;
  readonly state: string;
  /** Another target of the same QEMU has passed everything: what depends on entries' flags is the same in all of them. */
  readonly isShort: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** For the plain emulator. */
const deadlineMs = 60_000;
/** What the interposed one has from when the plain one is through: at least so long, or so many times what that one took. */
const graceMs = 3000;
const graceFactor = 3;

/** A machine that is overloaded may let a guest fail once: what counts is what fails again. */
const attempts = 2;

/** Whether guests notice no difference between an emulator and its interposed twin. */
export async function runSuite(
  host: Host,
  plain: Emulator,
  interposed: Emulator,
  options: SuiteOptions,
): Promise<SuiteResult> {
  const { files, clock, system } = host;
  const architecture = findArchitecture(plain.target);
  const programs = guestPrograms(host, options.build, plain.target);
  const kind = programs === undefined ? 'probes' : options.isShort ? 'usual' : 'all';
  const started = clock.monotonic();
  const trials = `${options.state}/interposed/trials`;
  removeAbandonedTrials(host, trials);
  const directory = `${trials}/${ownToken()}.${plain.target}`;
  const trialOf = (name: string, deadline: AbortSignal): Trial => ({
    architecture,
    kind,
    directory: `${directory}/${name}`,
    scratch: `${options.state}/mount`,
    signal: options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]),
  });
  const underEntries: Try = async (emulator, name, deadline) =>
    programs === undefined
      ? await tryProbes(host, emulator, trialOf(name, deadline))
      : await tryGuests(host, emulator, programs, trialOf(name, deadline));
  const byName: Try = async (emulator, name, deadline) =>
    await tryExplicitly(host, emulator, programs, trialOf(name, deadline));
  const compareBy = async (tryAll: Try): Promise<Compared> =>
    await compare(host, [plain, interposed], tryAll, { directory, signal: options.signal });
  const ended = (compared: Compared, how: SuiteResult['kind']): SuiteResult => ({
    kind: how,
    ...compared,
    milliseconds: Math.round(clock.monotonic() - started),
    at: new Date(clock.now()).toISOString(),
    kernelRelease: system.kernelRelease,
  });
  try {
    return ended(await compareBy(underEntries), kind);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    host.log.debug(`emulators are tried without entries: ${error.message}`);
    const compared = await compareBy(byName);
    return ended(compared, 'explicit');
  } finally {
    files.remove(directory);
  }
}

type Try = (emulator: Emulator, name: string, deadline: AbortSignal) => Promise<Tried>;

type Compared = Pick<SuiteResult, 'outcome' | 'cases' | 'difference' | 'untried'>;

/** No private table can be had here: the kernel (before Linux 6.7) or its settings are against it. */
function isRefusal(error: unknown): error is AnyarchError {
  return (
    error instanceof AnyarchError &&
    (error.code === 'ANYARCH_NAMESPACE' || error.code === 'ANYARCH_RUN_SETUP')
  );
}

async function compare(
  { files, clock }: Pick<Host, 'files' | 'clock'>,
  [plain, interposed]: readonly [Emulator, Emulator],
  tryAll: Try,
  { directory, signal }: { readonly directory: string; readonly signal?: AbortSignal | undefined },
): Promise<Compared> {
  let difference: string | undefined;
  let compared: Compared = { outcome: 'passed', cases: 0 };
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    files.remove(directory);
    const hanging = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const since = clock.monotonic();
    const expecting = tryAll(plain, 'one', AbortSignal.timeout(deadlineMs)).finally(() => {
      const left = Math.max(graceMs, graceFactor * (clock.monotonic() - since));
      timer = setTimeout(() => {
        hanging.abort();
      }, left);
    });
    // Directories of the same length: so are words, and their places on the stack.
    const ends = await Promise.allSettled([expecting, tryAll(interposed, 'two', hanging.signal)]);
    clearTimeout(timer);
    signal?.throwIfAborted();
    const [expected, found] = ends.map((end) => {
      if (end.status === 'rejected') throw end.reason;
      return end.value;
    });
    if (expected === undefined || found === undefined) throw new Error('two were tried');
    if (!isComplete(expected))
      return {
        outcome: 'impossible',
        cases: 0,
        difference: `QEMU ${plain.version} itself does not get through: exit code ${expected.exitCode}`,
      };
    difference = differenceOf(expected, found);
    const untried = untriedIn(expected);
    compared = {
      outcome: difference === undefined ? 'passed' : 'failed',
      cases: countCases(expected.text),
      ...(untried.length === 0 ? {} : { untried }),
      ...(difference === undefined ? {} : { difference }),
    };
    if (difference === undefined || hanging.signal.aborted) break;
  }
  return compared;
}

/** What killed commands left. */
function removeAbandonedTrials({ files }: Pick<Host, 'files'>, trials: string): void {
  files.makeDirectory(trials, 0o755);
  for (const name of files.list(trials)) {
    const modifiedMs = files.linkStatus(`${trials}/${name}`)?.modifiedMs;
    if (modifiedMs !== undefined && isAbandoned(name.split('.')[0] ?? '', modifiedMs))
      files.remove(`${trials}/${name}`);
  }
}
