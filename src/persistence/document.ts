import { AnyarchError } from '../core/error.ts';
import { isRecord } from '../core/json.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { isInitName, type InitName } from './init/init-name.ts';

/** One architecture that is registered at each boot. */
export interface PersistedArchitecture {
  /** QEMU's target name. */
  readonly architecture: string;
  /** The entry's. */
  readonly name: string;
  /** The text that is written to `register`. */
  readonly rule: string;
  readonly emulator: {
    readonly version: string;
    /** Lower-case hexadecimal. */
    readonly sha256: string;
    /** Below `systemDirectory`; the rule's interpreter. */
    readonly path: string;
  };
}

/** What is to be registered after a boot. */
export interface Persisted {
  readonly schema: 1;
  readonly init: InitName;
  readonly architectures: readonly PersistedArchitecture[];
  /** ISO 8601; for people only, nothing is decided by it. */
  readonly at: string;
  /** The command line that it was made by. */
  readonly by: string;
  /** A command is changing it, or was killed while it did: the table and the files may be ahead of this. */
  readonly changing?: boolean;
  /** What that command is to lead to; undefined while something is taken away. */
  readonly intended?: readonly PersistedArchitecture[];
}

type Parts = Pick<Host, 'files'>;

export function persistedPathIn(state: string): string {
  return `${state}/persistence.json`;
}

/**
 * Undefined where nothing is persisted.
 *
 * @throws AnyarchError ANYARCH_STATE_INVALID; the file stays as it is
 */
export function readPersisted({ files }: Parts, state: string): Persisted | undefined {
  const path = persistedPathIn(state);
  const bytes = ignoring(['ENOENT', 'ENOTDIR'], () => files.read(path));
  return bytes === undefined ? undefined : parsePersisted(path, decodeUtf8(bytes));
}

/** The former document stays until the new one is complete. @throws SystemError */
export function writePersisted({ files }: Parts, state: string, persisted: Persisted): void {
  files.makeDirectory(state, 0o755);
  files.writeAtomic(persistedPathIn(state), encodeUtf8(`${JSON.stringify(persisted, undefined, 2)}\n`));
}

/** Strictly: what is half understood would register what nobody asked for. */
function parsePersisted(path: string, text: string): Persisted {
  const document = parseJson(path, text);
  if (!isRecord(document)) throw invalid(path, 'it is no JSON object');
  const { schema, init, architectures, at, by, changing, intended } = document;
  if (schema !== 1) throw invalid(path, `its schema is ${JSON.stringify(schema)}, this anyarch knows 1`);
  if (!isInitName(init)) throw invalid(path, `"init" is ${JSON.stringify(init)}`);
  if (typeof at !== 'string' || typeof by !== 'string') throw invalid(path, '"at" or "by" is missing');
  return {
    schema: 1,
    init,
    architectures: readArchitectures(path, 'architectures', architectures),
    at,
    by,
    ...(changing === true ? { changing } : {}),
    ...(changing === true && intended !== undefined
      ? { intended: readArchitectures(path, 'intended', intended) }
      : {}),
  };
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(path, 'it is no JSON', error);
  }
}

function readArchitectures(path: string, list: string, values: unknown): PersistedArchitecture[] {
  if (!Array.isArray(values)) throw invalid(path, `"${list}" is no list`);
  return values.map((value: unknown, index) => readArchitecture(path, value, `${list}[${index}]`));
}

function readArchitecture(path: string, value: unknown, place: string): PersistedArchitecture {
  const emulator = isRecord(value) ? value['emulator'] : undefined;
  if (!isRecord(value) || !isRecord(emulator)) throw invalid(path, `${place} is damaged`);
  const text = (owner: Record<string, unknown>, field: string): string => {
    const found = owner[field];
    if (typeof found !== 'string') throw invalid(path, `${place}.${field} is missing or of the wrong type`);
    return found;
  };
  return {
    architecture: text(value, 'architecture'),
    name: text(value, 'name'),
    rule: text(value, 'rule'),
    emulator: {
      version: text(emulator, 'version'),
      sha256: text(emulator, 'sha256'),
      path: text(emulator, 'path'),
    },
  };
}

function invalid(path: string, reason: string, cause?: unknown): AnyarchError {
  return new AnyarchError(
    'ANYARCH_STATE_INVALID',
    `cannot read what is registered at each boot, ${path}: ${reason}`,
    {
      hint: 'anyarch persist disable takes away all that is registered at boot, whatever that says; then: anyarch persist enable ARCH…',
      details: { path },
      cause,
    },
  );
}
