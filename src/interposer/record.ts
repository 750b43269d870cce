import { fields, listOf, ofType, oneOf } from '../core/document-shape.ts';
import { parseJson } from '../core/json.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import type { StoredFile } from '../host/stored-path.ts';
import { SystemError } from '../host/system-error.ts';
import type { Fingerprint } from './blob.ts';

type SuiteKind = 'all' | 'usual' | 'probes' | 'explicit';

/** What the suite said to an interposed emulator. */
export interface SuiteResult {
  /** `impossible`: nothing could be compared. */
  readonly outcome: 'passed' | 'failed' | 'impossible';
  /**
   * - `all`: guests that do all sorts of things, under entries with all flags
   * - `usual`: the same under the entries that anyarch makes, where all passed for another target of this QEMU
   * - `probes`: programs that exit, for targets without a compiler
   * - `explicit`: each program given to the emulator by name, where there can be no private table to try entries in
   */
  readonly kind: SuiteKind;
  /** How many guests were executed under each of the two emulators. */
  readonly cases: number;
  /** With `explicit`: cases that only an entry can bring about. */
  readonly untried?: readonly string[] | undefined;
  /** The first case that came out differently, with both results; or why nothing could be compared. */
  readonly difference?: string | undefined;
  readonly milliseconds: number;
  /** ISO 8601; for people. */
  readonly at: string;
  /** Another kernel may load programs differently: then the suite is run again. */
  readonly kernelRelease: string;
}

/** What was made of an emulator's file, or why nothing. */
export interface InterposedRecord {
  readonly original: Fingerprint & {
    readonly path: string;
    readonly sha256: string;
    /** The distribution's, or QEMU's. */
    readonly version: string;
  };
  readonly interposer: Fingerprint & { readonly sha256: string };
  /** What the emulator gives itself. */
  readonly arguments: readonly string[];
  /** In the store of the same state directory. */
  readonly stored?: (StoredFile & Fingerprint) | undefined;
  /** Why the original cannot be made into an interposed one. */
  readonly unpatchable?: string | undefined;
  readonly suite?: SuiteResult | undefined;
}

interface RecordDocument {
  readonly schema: 1;
  /** The newest first. */
  readonly items: readonly InterposedRecord[];
}

/** Those of other files and interposers that are remembered: people switch between versions. */
const mostItems = 8;

/** One file for each target: `run` reads but one, and commands for different targets do not wait for each other. */
export function recordPath(state: string, target: string): string {
  return `${state}/interposed/${target}.json`;
}

/** What is damaged or of another version tells nothing: then everything is made anew. The newest first. */
export function readRecords(
  { files }: Pick<Host, 'files'>,
  state: string,
  target: string,
): readonly InterposedRecord[] {
  let document: unknown;
  try {
    document = parseJson(decodeUtf8(files.read(recordPath(state, target))));
  } catch (error) {
    if (error instanceof SystemError) return [];
    throw error;
  }
  return shape(document, '') === undefined ? (document as RecordDocument).items : [];
}

/** With the record in front, in the place of one about the same. */
export function withRecord(
  items: readonly InterposedRecord[],
  record: InterposedRecord,
): readonly InterposedRecord[] {
  const others = items.filter((one) => !isAboutSame(one, record));
  return [record, ...others].slice(0, mostItems);
}

/** Without what is recorded of a stored file, so that it is made anew. */
export function withoutStored(
  items: readonly InterposedRecord[],
  sha256: string,
): readonly InterposedRecord[] {
  return items.filter(({ stored }) => stored?.sha256 !== sha256);
}

export function recordDocument(items: readonly InterposedRecord[]): RecordDocument {
  return { schema: 1, items };
}

function isAboutSame(a: InterposedRecord, b: InterposedRecord): boolean {
  return (
    a.original.sha256 === b.original.sha256 &&
    a.original.path === b.original.path &&
    a.interposer.sha256 === b.interposer.sha256 &&
    a.arguments.join('\n') === b.arguments.join('\n')
  );
}

const text = ofType('string');
const number = ofType('number');
const fingerprint = { inode: number, size: number, modifiedMs: number, 'changedMs?': number };
const digest = (value: unknown, at: string): string | undefined =>
  typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) ? undefined : at;
/** It becomes a path. */
const fileName = (value: unknown, at: string): string | undefined =>
  typeof value === 'string' && /^qemu-\w+$/.test(value) ? undefined : at;

const shape = fields({
  schema: oneOf(1),
  items: listOf(
    fields({
      original: fields({ ...fingerprint, path: text, sha256: digest, version: text }),
      interposer: fields({ ...fingerprint, sha256: digest }),
      arguments: listOf(text),
      'stored?': fields({ ...fingerprint, sha256: digest, file: fileName }),
      'unpatchable?': text,
      'suite?': fields({
        outcome: oneOf('passed', 'failed', 'impossible'),
        kind: oneOf('all', 'usual', 'probes', 'explicit'),
        cases: number,
        'untried?': listOf(text),
        'difference?': text,
        milliseconds: number,
        at: text,
        kernelRelease: text,
      }),
    }),
  ),
});
