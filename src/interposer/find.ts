import type { Emulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import { stateDirectory, systemStateDirectory } from '../host/state-directory.ts';
import { storedPath } from '../host/stored-path.ts';
import { SystemError } from '../host/system-error.ts';
import { blobPath, fingerprintOf, sameFingerprint, type Fingerprint } from './blob.ts';
import { interposedEmulator, type Interposed, type InterposeOptions } from './interposed.ts';
import { wordsFor } from './options/emulator-options.ts';
import type { PlainReason } from './plain-reason.ts';
import { readRecords, type InterposedRecord } from './record.ts';
import { isServed } from './served.ts';

type Parts = Pick<Host, 'files' | 'system'>;
type FindOptions = Pick<InterposeOptions, 'build' | 'state' | 'lasting'>;

/**
 * The interposed twin of an emulator that was made and proven before, or the recorded reason why there is none;
 * undefined where that has to be found out. A few system calls, and unless it is `lasting` nothing is hashed: for each
 * `run`.
 */
export function findInterposed(
  host: Parts,
  emulator: Emulator,
  { build, state = stateDirectory(host.system), lasting = false }: FindOptions,
): Interposed | undefined {
  const { target } = emulator;
  const { machine } = host.system;
  if (emulator.interposed !== undefined) return { emulator };
  if (!isServed(target))
    return {
      emulator,
      plain: { code: 'not-served', reason: `no tool set can exist for ${target}` },
    };
  const blob = fingerprintOf(host, blobPath(build, machine));
  if (blob === undefined)
    return { emulator, plain: { code: 'no-interposer', reason: `there is none for ${machine} hosts` } };
  for (const directory of new Set([state, systemStateDirectory])) {
    const records = readRecords(host, directory, target);
    const twin = records.find((record) => isTwin(record, emulator));
    if (twin !== undefined) return { emulator: { ...emulator, interposed: interpositionOf(twin) } };
    const found = recorded(
      host,
      directory,
      emulator,
      records.filter(
        (record) => sameFingerprint(record.interposer, blob) && isStillOf(host, record, emulator),
      ),
    );
    const isMade = found?.plain === undefined;
    if (found === undefined || (lasting && !(isMade ? isIntact(host, found.emulator) : isFinal(found.plain))))
      continue;
    return found;
  }
  return undefined;
}

/** It is the interposed one already: a copy that is registered at boot. */
function isTwin({ stored }: InterposedRecord, { sha256 }: Emulator): boolean {
  return stored !== undefined && stored.sha256 === sha256;
}

/** Whether the record is about the emulator's file as it is now, and this kernel. */
function isStillOf(host: Parts, record: InterposedRecord, { path, sha256 }: Emulator): boolean {
  const { original, unpatchable, suite } = record;
  if (unpatchable === undefined && suite?.kernelRelease !== host.system.kernelRelease) return false;
  if (sha256 !== undefined) return original.sha256 === sha256;
  const now: Fingerprint | undefined = original.path === path ? fingerprintOf(host, path) : undefined;
  return now !== undefined && sameFingerprint(original, now);
}

/** What is recorded of it with the options that it needs; without them only where it has failed with them. */
function recorded(
  { files, system }: Parts,
  directory: string,
  emulator: Emulator,
  records: readonly InterposedRecord[],
): Interposed | undefined {
  const words = wordsFor(emulator.target, emulator.version, system.machine);
  const wanted = records.find((record) => hasWords(record, words));
  if (wanted === undefined) return undefined;
  const verdict = verdictOf({ files }, directory, wanted, emulator);
  if (words.length === 0 || verdict?.plain?.code !== 'suite-failed') return verdict;
  const without = records.find((record) => hasWords(record, []));
  return without === undefined ? undefined : verdictOf({ files }, directory, without, emulator);
}

function hasWords(record: InterposedRecord, words: readonly string[]): boolean {
  return record.arguments.join('\n') === words.join('\n');
}

function verdictOf(
  { files }: Pick<Host, 'files'>,
  directory: string,
  record: InterposedRecord,
  emulator: Emulator,
): Interposed | undefined {
  const { stored, suite, unpatchable } = record;
  if (unpatchable !== undefined) return { emulator, plain: { code: 'unpatchable', reason: unpatchable } };
  if (suite === undefined || stored === undefined) return undefined;
  if (suite.outcome === 'impossible')
    return { emulator, plain: { code: 'suite-impossible', reason: suite.difference ?? 'no guest ran' } };
  if (suite.outcome === 'failed')
    return {
      emulator,
      plain: { code: 'suite-failed', reason: suite.difference ?? 'guests behaved differently' },
    };
  const path = storedPath(directory, stored);
  const now = fingerprintOf({ files }, path);
  // Whatever became of it, its digest tells: that is looked at where it is made.
  if (now === undefined || !sameFingerprint(now, stored)) return undefined;
  return {
    emulator: interposedEmulator(emulator, files.resolve(path), stored.sha256, interpositionOf(record)),
  };
}

/** What a disk makes of a file changes neither size nor time. */
export function isIntact({ files }: Pick<Host, 'files'>, { path, sha256 }: Emulator): boolean {
  try {
    return files.sha256(path) === sha256;
  } catch (error) {
    if (error instanceof SystemError) return false;
    throw error;
  }
}

/** Not worth trying again: the same bytes have the same answer. */
function isFinal({ code }: PlainReason): boolean {
  return code !== 'suite-failed' && code !== 'suite-impossible';
}

function interpositionOf({
  original,
  interposer,
  arguments: words,
}: InterposedRecord): NonNullable<Emulator['interposed']> {
  return { originalSha256: original.sha256, interposerSha256: interposer.sha256, arguments: words };
}
