import { parseStanza, type Stanza } from './deb822.ts';
import { readPackage, type DebianPackage } from './package.ts';
import { withoutRebuild } from './version.ts';

/** A package with what it was made from and what it needs. */
export interface IndexedPackage extends DebianPackage {
  /** Its source package, and that one's version, which binNMUs do not change. */
  readonly source: string;
  readonly sourceVersion: string;
  /** Names in Pre-Depends and Depends, alternatives among them, without versions and architectures. */
  readonly depends: readonly string[];
  /** The same relations in their order, each a list of alternatives. */
  readonly dependencies: readonly (readonly string[])[];
  /** Versions of the source packages that are said to be built in, by name (cross compilers name their compiler). */
  readonly builtUsing: ReadonlyMap<string, string>;
}

/** All that a suite has for an architecture, read when it is asked for. */
export interface PackageIndex {
  /** All versions, as the suite orders them. */
  find(name: string): readonly IndexedPackage[];
}

/** @param content of a Packages file, about 50 MB for a stable suite: kept as it is, stanzas are parsed when they are asked for */
export function indexPackages(content: Uint8Array, suite: string): PackageIndex {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.length);
  const places = new Map<string, number[]>();
  for (let at = bytes.indexOf(field); at !== -1; at = bytes.indexOf(field, at + 1)) {
    if (at > 0 && bytes[at - 1] !== newline) continue;
    const start = at + field.length;
    const end = bytes.indexOf(newline, start);
    const name = bytes.toString('latin1', start, end === -1 ? bytes.length : end).trim();
    places.set(name, [...(places.get(name) ?? []), at]);
  }
  const stanzaAt = (at: number): Stanza => {
    // The first field of a stanza is nearly always this one; where it is not, the stanza begins before it.
    const before = bytes.lastIndexOf('\n\n', at);
    const after = bytes.indexOf('\n\n', at);
    return parseStanza(
      bytes.toString('utf8', before === -1 ? 0 : before + 2, after === -1 ? bytes.length : after),
    );
  };
  return {
    find: (name) => (places.get(name) ?? []).map((at) => readIndexedPackage(stanzaAt(at), suite)),
  };
}

const field = Buffer.from('Package: ');
const newline = 0x0a;

/** @throws AnyarchError ANYARCH_ARCHIVE_INVALID when fields that are needed are missing or make no sense. */
export function readIndexedPackage(stanza: Stanza, suite: string): IndexedPackage {
  const binary = readPackage(stanza, suite);
  const relations = `${stanza.get('pre-depends') ?? ''},${stanza.get('depends') ?? ''}`;
  const [, source, sourceVersion] = /^(\S+)(?:\s+\(([^)]*)\))?$/.exec(stanza.get('source') ?? '') ?? [];
  return {
    ...binary,
    source: source ?? binary.name,
    sourceVersion: sourceVersion ?? withoutRebuild(binary.version),
    depends: namesIn(relations),
    dependencies: relations
      .split(',')
      .map((relation) => namesIn(relation))
      .filter((alternatives) => alternatives.length > 0),
    builtUsing: new Map(
      [...(stanza.get('built-using') ?? '').matchAll(/([a-z0-9][a-z0-9+.-]*)\s*\(=\s*([^\s)]+)\s*\)/g)].map(
        ([, name = '', version = '']) => [name, version] as const,
      ),
    ),
  };
}

/** `libc6 (>= 2.38), foo:any | bar` */
function namesIn(relations: string): string[] {
  const names = relations.split(/[,|]/).map((one) => /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(one)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))];
}
