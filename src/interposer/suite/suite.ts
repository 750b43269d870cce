import { findArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import type { Emulator } from '../../emulators/index.ts';
import type { Host } from '../../host/host.ts';
import { isAbandoned, ownToken } from '../../store/index.ts';
import type { SuiteResult } from '../record.ts';
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
  const tryAll = async (emulator: Emulator, name: string, deadline: AbortSignal): Promise<Tried> => {
    const trial: Trial = {
      architecture,
      kind,
      directory: `${directory}/${name}`,
      scratch: `${options.state}/mount`,
      signal: options.signal === undefined ? deadline : AbortSignal.any([options.signal, deadline]),
    };
    return programs === undefined
      ? await tryProbes(host, emulator, trial)
      : await tryGuests(host, emulator, programs, trial);
  };
  const ended = (result: Pick<SuiteResult, 'outcome' | 'difference'> & { cases?: number }): SuiteResult => ({
    kind,
    cases: 0,
    ...result,
    milliseconds: Math.round(clock.monotonic() - started),
    at: new Date(clock.now()).toISOString(),
    kernelRelease: system.kernelRelease,
  });
  try {
    let difference: string | undefined;
    let cases = 0;
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
      const [expected, found] = await Promise.all([
        expecting,
        tryAll(interposed, 'two', hanging.signal),
      ]).finally(() => {
        clearTimeout(timer);
      });
      options.signal?.throwIfAborted();
      if (!isComplete(expected))
        return ended({
          outcome: 'impossible',
          difference: `QEMU ${plain.version} itself does not get through: exit code ${expected.exitCode}`,
        });
      cases = countCases(expected.text);
      difference = differenceOf(expected, found);
      if (difference === undefined || hanging.signal.aborted) break;
    }
    return ended({
      outcome: difference === undefined ? 'passed' : 'failed',
      cases,
      ...(difference === undefined ? {} : { difference }),
    });
  } catch (error) {
    if (
      error instanceof AnyarchError &&
      (error.code === 'ANYARCH_NAMESPACE' || error.code === 'ANYARCH_RUN_SETUP')
    )
      return ended({ outcome: 'impossible', difference: error.message });
    throw error;
  } finally {
    files.remove(directory);
  }
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
