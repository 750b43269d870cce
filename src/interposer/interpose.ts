import { AnyarchError } from '../core/error.ts';
import type { Emulator } from '../emulators/index.ts';
import { fileFailure } from '../host/file-failure.ts';
import type { Host } from '../host/host.ts';
import { stateDirectory } from '../host/state-directory.ts';
import { storedPath } from '../host/stored-path.ts';
import { removeAbandoned, updateDocument } from '../store/index.ts';
import { blobPath } from './blob.ts';
import { findInterposed } from './find.ts';
import { interposedEmulator, type Interposed, type InterposeOptions } from './interposed.ts';
import { makeInterposed, readBlob, type Blob } from './make.ts';
import { wordsFor } from './options/emulator-options.ts';
import type { PlainReason } from './plain-reason.ts';
import { readRecords, recordDocument, recordPath, withRecord, type InterposedRecord } from './record.ts';
import { served } from './served.ts';
import { runSuite } from './suite/suite.ts';

/** Emulators that are made at the same time: each reads, hashes and writes 15 MB, and then waits for its guests. */
const atOnce = 2;

/**
 * The interposed twins of emulators, made and proven where that was not done before. What concerns one emulator is not
 * thrown: then that one stays as it is, with the reason.
 *
 * @returns one for each, in their order
 * @throws AnyarchError ANYARCH_CANCELLED
 */
export async function interpose(
  host: Host,
  emulators: readonly Emulator[],
  options: InterposeOptions,
): Promise<readonly Interposed[]> {
  const items: Item[] = emulators.map((emulator) => ({
    emulator,
    result: findInterposed(host, emulator, options),
  }));
  const missing = items.filter(({ result }) => result === undefined);
  const state = options.state ?? stateDirectory(host.system);
  if (missing.length > 0) {
    // 17 MB for each command that was killed while it wrote.
    await removeAbandoned(state);
    const blob = readBlob(host, blobPath(options.build, host.system.machine));
    // The first one alone: where it passes, the others need less.
    const first = missing.shift();
    if (first !== undefined) first.result = await make(host, first.emulator, blob, { ...options, state });
    // What keeps one from being tried keeps all.
    const { plain } = first?.result ?? {};
    if (plain?.code === 'suite-impossible')
      for (const item of missing.splice(0)) item.result = { emulator: item.emulator, plain };
    const work = async (): Promise<void> => {
      for (let item = missing.shift(); item !== undefined; item = missing.shift())
        item.result = await make(host, item.emulator, blob, { ...options, state });
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }
  return items.map(({ emulator, result }) => result ?? { emulator });
}

interface Item {
  readonly emulator: Emulator;
  result: Interposed | undefined;
}

type MakeOptions = InterposeOptions & { readonly state: string };

async function make(host: Host, emulator: Emulator, blob: Blob, options: MakeOptions): Promise<Interposed> {
  const words = wordsFor(emulator.target, emulator.version, host.system.machine);
  const first = await makeWith(host, emulator, blob, words, options);
  // Options that this host cannot do with are not worth going without the interposer.
  return first.plain?.code === 'suite-failed' && words.length > 0
    ? await makeWith(host, emulator, blob, [], options)
    : first;
}

async function makeWith(
  host: Host,
  emulator: Emulator,
  blob: Blob,
  words: readonly string[],
  options: MakeOptions,
): Promise<Interposed> {
  const plain = (reason: PlainReason): Interposed => ({ emulator, plain: reason });
  try {
    const made = await makeInterposed(host, options.state, emulator, blob, words);
    const interposer = { ...blob.fingerprint, sha256: blob.sha256 };
    if ('code' in made) {
      if (made.code === 'unpatchable' && made.original !== undefined)
        save(host, options.state, emulator.target, {
          original: made.original,
          interposer,
          arguments: words,
          unpatchable: made.reason,
        });
      return plain({ code: made.code, reason: made.reason });
    }
    const { original, stored } = made;
    const interposed = interposedEmulator(
      emulator,
      host.files.resolve(storedPath(options.state, stored)),
      stored.sha256,
      { originalSha256: original.sha256, interposerSha256: blob.sha256, arguments: words },
    );
    const before = passedBefore(host, options.state, emulator.target, stored.sha256);
    const isShort = hasPassedAll(host, options.state, original.version, blob);
    const suite = before ?? (await runSuite(host, emulator, interposed, { ...options, isShort }));
    save(host, options.state, emulator.target, { original, interposer, arguments: words, stored, suite });
    if (suite.outcome === 'passed') return { emulator: interposed };
    return plain({
      code: suite.outcome === 'failed' ? 'suite-failed' : 'suite-impossible',
      reason: suite.difference ?? 'guests behaved differently',
    });
  } catch (error) {
    const failure = fileFailure(error, options.state);
    if (failure instanceof AnyarchError && failure.code !== 'ANYARCH_CANCELLED')
      return plain({ code: 'not-stored', reason: failure.message });
    throw failure;
  }
}

/** Of the very same file: only its or the interposer's place has changed since. */
function passedBefore(host: Host, state: string, target: string, sha256: string): InterposedRecord['suite'] {
  return readRecords(host, state, target).find(
    ({ stored, suite }) =>
      stored?.sha256 === sha256 &&
      suite?.outcome === 'passed' &&
      suite.kernelRelease === host.system.kernelRelease,
  )?.suite;
}

/** The full suite, by another target of the same QEMU. */
function hasPassedAll(host: Host, state: string, version: string, { sha256 }: Blob): boolean {
  return served.some((target) =>
    readRecords(host, state, target).some(
      ({ original, interposer, suite }) =>
        original.version === version &&
        interposer.sha256 === sha256 &&
        suite?.kind === 'all' &&
        suite.outcome === 'passed' &&
        suite.kernelRelease === host.system.kernelRelease,
    ),
  );
}

function save(host: Host, state: string, target: string, record: InterposedRecord): void {
  updateDocument(
    host,
    recordPath(state, target),
    () => recordDocument(readRecords(host, state, target)),
    ({ items }) => recordDocument(withRecord(items, record)),
  );
}
