import type { Emulator } from '../emulators/index.ts';
import type { Host } from '../host/host.ts';
import { stateDirectory, systemStateDirectory } from '../host/state-directory.ts';
import { storedPath } from '../host/stored-path.ts';
import { blobPath, fingerprintOf, sameFingerprint, type Fingerprint } from './blob.ts';
import { interposedEmulator, type Interposed, type InterposeOptions } from './interposed.ts';
import { wordsFor } from './options/emulator-options.ts';
import { readRecords, type InterposedRecord } from './record.ts';
import { isServed } from './served.ts';

type Parts = Pick<Host, 'files' | 'system'>;
type FindOptions = Pick<InterposeOptions, 'build' | 'state' | 'tryAgain'>;

/**
 * The interposed twin of an emulator that was made and proven before, or the recorded reason why there is none;
 * undefined where that has to be found out. A few system calls, nothing is hashed: for each `run`.
 */
export function findInterposed(
  host: Parts,
  emulator: Emulator,
  { build, state = stateDirectory(host.system), tryAgain = false }: FindOptions,
): Interposed | undefined {
  const { target, version } = emulator;
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
  const words = wordsFor(target, version, machine);
  for (const directory of new Set([state, systemStateDirectory])) {
    const records = readRecords(host, directory, target);
    for (const record of records) {
      if (isTwin(record, emulator)) return { emulator: { ...emulator, interposed: interpositionOf(record) } };
      if (!sameFingerprint(record.interposer, blob) || !isOf(host, record, emulator)) continue;
      const found = verdictOf(host, directory, record, emulator, words);
      if (found !== undefined && !(tryAgain && found.plain?.code === 'suite-impossible')) return found;
    }
  }
  return undefined;
}

/** It is the interposed one already: a copy that is registered at boot. */
function isTwin({ stored }: InterposedRecord, { sha256 }: Emulator): boolean {
  return stored !== undefined && stored.sha256 === sha256;
}

/** Whether the record is about the emulator's file as it is now. */
function isOf(host: Parts, { original }: InterposedRecord, { path, sha256 }: Emulator): boolean {
  if (sha256 !== undefined) return original.sha256 === sha256;
  const now: Fingerprint | undefined = original.path === path ? fingerprintOf(host, path) : undefined;
  return now !== undefined && sameFingerprint(original, now);
}

function verdictOf(
  { files, system }: Parts,
  directory: string,
  record: InterposedRecord,
  emulator: Emulator,
  words: readonly string[],
): Interposed | undefined {
  const { stored, suite, unpatchable } = record;
  if (unpatchable !== undefined) return { emulator, plain: { code: 'unpatchable', reason: unpatchable } };
  if (suite === undefined || stored === undefined || suite.kernelRelease !== system.kernelRelease)
    return undefined;
  // With words that it failed with it may be in use without them.
  const isWanted = record.arguments.join('\n') === words.join('\n') || record.arguments.length === 0;
  if (!isWanted) return undefined;
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

function interpositionOf({
  original,
  interposer,
  arguments: words,
}: InterposedRecord): NonNullable<Emulator['interposed']> {
  return { originalSha256: original.sha256, interposerSha256: interposer.sha256, arguments: words };
}
