import { AnyarchError } from '../core/error.ts';
import type { Place } from './here.ts';

/** What was recorded of a file, cheap to compare: a pinned inode's number cannot be given to another file. */
export interface Fingerprint {
  readonly inode: number;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** One rule of ours. */
export interface Registration {
  readonly architecture: string;
  readonly name: string;
  /** The text that is or was written to `register`. */
  readonly rule: string;
  readonly emulator: { readonly path: string; readonly version: string; readonly sha256: string | undefined };
  /** Of the emulator's file when the rule was written. */
  readonly file: Fingerprint | undefined;
  /** ISO 8601. */
  readonly at: string;
  readonly place: Place;
  /** `intended` is recorded before the kernel is written to, so that a killed command leaves nothing unknown. */
  readonly state: 'intended' | 'made';
}

export interface Ledger {
  readonly schema: 1;
  readonly registrations: readonly Registration[];
}

/**
 * Reads the ledger's JSON, strictly: a ledger that is half understood would make entries ours that are not.
 *
 * @throws AnyarchError ANYARCH_LEDGER_INVALID
 */
export function parseLedger(path: string, text: string): Ledger {
  const document = parseJson(path, text);
  if (!isRecord(document)) throw invalid(path, 'it is no JSON object');
  if (document['schema'] !== 1) throw unknownSchema(path, document['schema']);
  const { registrations } = document;
  if (!Array.isArray(registrations)) throw invalid(path, '"registrations" is no list');
  return {
    schema: 1,
    registrations: registrations.map((value, index) => readRegistration(path, value, index)),
  };
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(path, `it is no JSON (${error instanceof Error ? error.message : String(error)})`, error);
  }
}

function readRegistration(path: string, value: unknown, index: number): Registration {
  const at = `registrations[${index}]`;
  const fail = (field: string): AnyarchError =>
    invalid(path, `${at}.${field} is missing or of the wrong type`);
  if (!isRecord(value)) throw invalid(path, `${at} is no object`);
  const { emulator, place, state } = value;
  if (!isRecord(emulator)) throw fail('emulator');
  if (!isRecord(place)) throw fail('place');
  if (state !== 'intended' && state !== 'made') throw fail('state');
  const text = (owner: Record<string, unknown>, field: string): string => {
    const found = owner[field];
    if (typeof found !== 'string') throw fail(field);
    return found;
  };
  return {
    architecture: text(value, 'architecture'),
    name: text(value, 'name'),
    rule: text(value, 'rule'),
    emulator: {
      path: text(emulator, 'path'),
      version: text(emulator, 'version'),
      sha256: emulator['sha256'] === undefined ? undefined : text(emulator, 'sha256'),
    },
    file: value['file'] === undefined ? undefined : readFingerprint(value['file'], fail),
    at: text(value, 'at'),
    place: { boot: text(place, 'boot'), userNamespace: text(place, 'userNamespace') },
    state,
  };
}

function readFingerprint(value: unknown, fail: (field: string) => AnyarchError): Fingerprint {
  if (!isRecord(value)) throw fail('file');
  const { inode, size, modifiedMs } = value;
  if (typeof inode !== 'number' || typeof size !== 'number' || typeof modifiedMs !== 'number')
    throw fail('file');
  return { inode, size, modifiedMs };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(path: string, reason: string, cause?: unknown): AnyarchError {
  return new AnyarchError('ANYARCH_LEDGER_INVALID', `cannot read the ledger ${path}: ${reason}`, {
    hint: `move it away (mv ${path} ${path}.damaged) and run the command again: entries whose interpreter is in anyarch's store, or whose name starts with "anyarch-", are still recognised`,
    details: { path },
    cause,
  });
}

function unknownSchema(path: string, schema: unknown): AnyarchError {
  return new AnyarchError(
    'ANYARCH_LEDGER_INVALID',
    `cannot read the ledger ${path}: its schema is ${JSON.stringify(schema)}, this anyarch knows 1`,
    {
      hint: 'a newer anyarch wrote it: use that one',
      details: { path },
    },
  );
}
