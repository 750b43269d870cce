import { lookUpArchitecture } from '../core/architecture.ts';
import { AnyarchError } from '../core/error.ts';
import type { Interposition } from '../emulators/index.ts';
import { parseRule, type Rule } from '../core/rule.ts';
import { samePlace, type Place } from './here.ts';
import { fields, listOf, ofType, oneOf, type Shape } from '../core/document-shape.ts';

/** What was recorded of a file, cheap to compare: a pinned inode's number cannot be given to another file. */
export interface Fingerprint {
  readonly inode: number;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** Somebody else's entry that made way for one of ours on demand, with what is needed to give it back. */
export interface Adopted {
  readonly name: string;
  /** An `OwnerKind`. */
  readonly owner: string;
  /** What has to be written to `register` to have it again. */
  readonly rule: string;
  /** As the kernel printed it. */
  readonly text: string;
  readonly enabled: boolean;
}

/** One rule of ours. */
export interface Registration {
  readonly architecture: string;
  readonly name: string;
  /** The text that is or was written to `register`. */
  readonly rule: string;
  /** `sha256`: undefined only where the file could not be read, or an earlier anyarch recorded it. */
  readonly emulator: {
    readonly path: string;
    readonly version: string;
    readonly sha256: string | undefined;
    /** What an interposed emulator was made from. */
    readonly interposed?: Interposition | undefined;
  };
  /** Of the emulator's file when the rule was written. */
  readonly file: Fingerprint | undefined;
  /** ISO 8601; for people only: clocks jump. */
  readonly at: string;
  /** The command, as typed; undefined for a program that called the library, and in what an earlier anyarch recorded. */
  readonly by: string | undefined;
  readonly place: Place;
  /** `intended` is recorded before the kernel is written to, so that a killed command leaves nothing unknown. */
  readonly state: 'intended' | 'made';
  readonly adopted?: Adopted | undefined;
}

/** What somebody asked to be there, until it is unregistered or the machine boots: what `watch` sees to. */
export interface Wish {
  readonly architecture: string;
  readonly place: Place;
  readonly credentials: boolean;
  readonly fixBinary: boolean;
  readonly preserveArgv0: boolean | 'auto';
  /** Version or path of the emulator, where one was asked for. */
  readonly qemu?: string | undefined;
  /** The entry that fulfilled it, of ours or of somebody else. */
  readonly entry?: string | undefined;
  /** What ours has, or had, the place of: known also when ours was removed. */
  readonly adopted?: Adopted | undefined;
  /** ISO 8601; for people only. */
  readonly at: string;
  readonly by: string | undefined;
}

/** What one command unregistered, until it is asked for again or the machine boots: nobody brings it again by himself. */
export interface LetGo {
  /** QEMU's target names. */
  readonly architectures: readonly string[];
  readonly place: Place;
  /** ISO 8601; for people only. */
  readonly at: string;
  readonly by: string | undefined;
}

export interface Ledger {
  readonly schema: 2;
  readonly registrations: readonly Registration[];
  /** At most one for each architecture and place. */
  readonly wishes: readonly Wish[];
  /** An architecture is in one at most of each place. */
  readonly letGo: readonly LetGo[];
}

/**
 * Reads the ledger's JSON, strictly: a ledger that is half understood would make entries ours that are not. What an
 * earlier anyarch wrote is taken over.
 *
 * @throws AnyarchError ANYARCH_LEDGER_INVALID
 */
export function parseLedger(path: string, text: string): Ledger {
  const document = parseJson(path, text);
  const schema = (document as { schema?: unknown } | null)?.schema;
  if (typeof schema === 'number' && schema > 2) throw unknownSchema(path, schema);
  const wrong = (schema === 1 ? firstSchema : secondSchema)(document, '');
  if (wrong === '') throw invalid(path, 'it is no JSON object');
  if (wrong !== undefined) throw invalid(path, `${wrong.slice(1)} is missing, unknown or of the wrong type`);
  const { registrations = [], wishes, letGo = [] } = document as Partial<Ledger>;
  return { schema: 2, registrations, wishes: wishes ?? registrations.flatMap(wishOf), letGo };
}

/** What was registered had been asked for: the first schema had no wishes, but has the flags in the rule. */
function wishOf(one: Registration, index: number, all: readonly Registration[]): Wish[] {
  const { architecture, place, name, at, by, rule, state } = one;
  const flags = ruleOf(rule)?.flags;
  const isLast = !all
    .slice(index + 1)
    .some((later) => later.architecture === architecture && samePlace(later.place, place));
  if (flags === undefined || !isLast || state !== 'made') return [];
  const { credentials, fixBinary, preserveArgv0 } = flags;
  return [{ architecture, place, credentials, fixBinary, preserveArgv0, entry: name, at, by }];
}

/** Undefined when a recorded text cannot be read, which makes the record of ours worthless but not the ledger. */
export function ruleOf(text: string): Rule | undefined {
  try {
    return parseRule(text);
  } catch (error) {
    if (error instanceof AnyarchError) return undefined;
    throw error;
  }
}

const text = ofType('string');
const number = ofType('number');
const boolean = ofType('boolean');
const place = fields({ boot: text, userNamespace: text });

const target: Shape = (value, at) =>
  typeof value === 'string' && lookUpArchitecture(value)?.name === value ? undefined : at;
/** Of others: without it nothing could be given back; empty where that was so from the beginning. */
const theirRule: Shape = (value, at) =>
  value === '' || (typeof value === 'string' && ruleOf(value) !== undefined) ? undefined : at;
const adopted = fields({ name: text, owner: text, rule: theirRule, text, enabled: boolean });

const registrationShapes = listOf(
  fields({
    architecture: target,
    name: text,
    rule: text,
    emulator: fields({
      path: text,
      version: text,
      'sha256?': text,
      'interposed?': fields({ originalSha256: text, interposerSha256: text, arguments: listOf(text) }),
    }),
    'file?': fields({ inode: number, size: number, modifiedMs: number }),
    at: text,
    'by?': text,
    place,
    state: oneOf('intended', 'made'),
    'adopted?': adopted,
  }),
);

const wishShapes = listOf(
  fields({
    architecture: target,
    place,
    credentials: boolean,
    fixBinary: boolean,
    preserveArgv0: oneOf(true, false, 'auto'),
    'qemu?': text,
    'entry?': text,
    'adopted?': adopted,
    at: text,
    'by?': text,
  }),
);

const firstSchema = fields({ schema: oneOf(1), registrations: registrationShapes });
const secondSchema = fields({
  schema: oneOf(2),
  registrations: registrationShapes,
  wishes: wishShapes,
  'letGo?': listOf(fields({ architectures: listOf(target), place, at: text, 'by?': text })),
});

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(path, `it is no JSON (${error instanceof Error ? error.message : String(error)})`, error);
  }
}

/** @param reason a clause */
export function invalid(path: string, reason: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_LEDGER_INVALID', `cannot read the ledger ${path}: ${reason}`, {
    hint: `move it away (mv ${path} ${path}.damaged) and run the command again: entries whose interpreter is in anyarch's store, or whose name starts with "anyarch-", are still recognised`,
    details: { path },
    cause,
  });
}

function unknownSchema(path: string, schema: number): AnyarchError {
  return new AnyarchError(
    'ANYARCH_LEDGER_INVALID',
    `cannot read the ledger ${path}: its schema is ${schema}, this anyarch knows 1 and 2`,
    {
      hint: 'a newer anyarch wrote it: use that one',
      details: { path },
    },
  );
}
