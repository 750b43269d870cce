import type { Architecture } from '../core/architecture.ts';
import { fields, listOf, ofType, oneOf } from '../core/document-shape.ts';
import { formatEntry } from '../core/entry.ts';
import { AnyarchError } from '../core/error.ts';
import { parseRule } from '../core/rule.ts';
import { decodeUtf8, encodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { ownRule } from './table-rules.ts';

/** One architecture that every private table of this user is to have. */
export interface WantedArchitecture {
  /** QEMU's target name. */
  readonly architecture: string;
  /** The entry's. */
  readonly name: string;
  /** The text that is written to `register`. */
  readonly rule: string;
  /** What the kernel then lists: to compare texts takes a hook a tenth of the time that reading rules takes. */
  readonly listed?: string;
  readonly emulator: {
    /** Absolute; the rule's interpreter. */
    readonly path: string;
    readonly version: string;
    /** Lower-case hexadecimal. */
    readonly sha256: string;
  };
}

/** What every private table of this user is to have. */
export interface WantedTable {
  readonly schema: 1;
  readonly architectures: readonly WantedArchitecture[];
  /** ISO 8601; for people only, nothing is decided by it. */
  readonly at: string;
  /** The command line that it was made by. */
  readonly by: string;
  /** Rules of former documents, by which their entries are known for ours; `recordWantedTable` keeps them. */
  readonly former?: readonly string[];
  /** The host's entries when it was disabled, oldest first: a table that stays hides them, and gets copies. */
  readonly hosts?: readonly string[];
}

type Parts = Pick<Host, 'files'>;

/** Former rules that are remembered: of all architectures, three times over. */
const mostFormer = 100;

export function wantedTablePathIn(state: string): string {
  return `${state}/rootless.json`;
}

/** What is recorded of an architecture: its rule is the one that `tableRules` makes. */
export function wantedArchitecture(
  architecture: Architecture,
  {
    path,
    version,
    sha256,
    preservesArgv0,
  }: WantedArchitecture['emulator'] & { readonly preservesArgv0: boolean },
): WantedArchitecture {
  const { name, text } = ownRule(architecture, { path, preservesArgv0 });
  return {
    architecture: architecture.name,
    name,
    rule: decodeUtf8(text),
    listed: formatEntry({ ...parseRule(text), enabled: true }),
    emulator: { path, version, sha256 },
  };
}

/**
 * Undefined where nothing is wanted.
 *
 * @throws AnyarchError ANYARCH_STATE_INVALID; the file stays as it is
 */
export function readWantedTable({ files }: Parts, state: string): WantedTable | undefined {
  const path = wantedTablePathIn(state);
  const bytes = ignoring(['ENOENT', 'ENOTDIR'], () => files.read(path));
  return bytes === undefined ? undefined : parseWantedTable(path, decodeUtf8(bytes));
}

/** The former document stays until the new one is complete; what it wanted is remembered. @throws SystemError */
export function recordWantedTable(host: Parts, state: string, wanted: WantedTable): void {
  const rules = wanted.architectures.map(({ rule }) => rule);
  const former = formerRules(host, state).filter((rule) => !rules.includes(rule));
  const document = former.length === 0 ? wanted : { ...wanted, former: former.slice(-mostFormer) };
  host.files.makeDirectory(state, 0o755);
  host.files.writeAtomic(
    wantedTablePathIn(state),
    encodeUtf8(`${JSON.stringify(document, undefined, 2)}\n`),
    0o600,
  );
}

/** Nothing there is fine. */
export function forgetWantedTable({ files }: Parts, state: string): void {
  files.remove(wantedTablePathIn(state));
}

/** A damaged document tells of none, and is about to be replaced. */
function formerRules(host: Parts, state: string): string[] {
  try {
    const { architectures = [], former = [] } = readWantedTable(host, state) ?? {};
    return [...new Set([...former, ...architectures.map(({ rule }) => rule)])];
  } catch (error) {
    if (error instanceof AnyarchError && error.code === 'ANYARCH_STATE_INVALID') return [];
    throw error;
  }
}

const text = ofType('string');

/** Strictly: what is half understood would register what nobody asked for. */
const shape = fields({
  schema: oneOf(1),
  architectures: listOf(
    fields({
      architecture: text,
      name: text,
      rule: text,
      'listed?': text,
      emulator: fields({ path: text, version: text, sha256: text }),
    }),
  ),
  at: text,
  by: text,
  'former?': listOf(text),
  'hosts?': listOf(text),
});

function parseWantedTable(path: string, content: string): WantedTable {
  const document = parseJson(path, content);
  const misfit = shape(document, '');
  if (misfit !== undefined)
    throw invalid(path, `${misfit === '' ? 'the document' : misfit} is not as it must be`);
  return document as WantedTable;
}

function parseJson(path: string, content: string): unknown {
  try {
    return JSON.parse(content);
  } catch (error) {
    throw invalid(path, 'it is no JSON', error);
  }
}

function invalid(path: string, reason: string, cause?: unknown): AnyarchError {
  return new AnyarchError(
    'ANYARCH_STATE_INVALID',
    `cannot read what private tables are to have, ${path}: ${reason}`,
    { hint: 'anyarch rootless enable', details: { path }, cause },
  );
}
