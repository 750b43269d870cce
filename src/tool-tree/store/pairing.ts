import { fields, listOf, ofType, oneOf, type Shape } from '../../core/document-shape.ts';
import { isRecord, parseJson } from '../../core/json.ts';
import type { RecipeAlternative } from '../../core/recipe/recipe.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Files } from '../../host/files.ts';
import { ignoring } from '../../host/system-error.ts';
import { setsFiles, setName, toolSetsDirectory } from '../places.ts';
import { toolGroups, type ToolGroup } from '../tool.ts';
import { usedPackage, type UsedPackage } from './set-document.ts';

/** What a start costs. */
export interface StartUp {
  readonly emulatedMs: number;
  readonly acceleratedMs: number;
}

/** A program of a guest, and the native one for it. */
export interface PairedTool {
  readonly name: string;
  /** In the guest: `/usr/bin/make`. */
  readonly guestPath: string;
  /** Names of packages. */
  readonly guestPackage: string;
  readonly hostPackage: string;
  readonly buildId?: string;
  /** Without `natives`, which are written anew whenever the set was verified. */
  readonly recipe: RecipeAlternative;
  /** Paths in the set: the native program, its loader, all libraries that it loads. */
  readonly needs: readonly string[];
  /** Milliseconds that its tests took. */
  readonly emulatedMs?: number;
  readonly nativeMs?: number;
  /** How often it was executed in them. */
  readonly executions?: number;
  /** Milliseconds of doing next to nothing. */
  readonly startUp?: StartUp;
}

/** What a set serves: guests with these versions of these packages. Recipes are made from nothing else. */
export interface Pairing {
  readonly schema: 'anyarch/tool-pairing/2';
  /** Of the guest's packages and the group: what is made anew for the same takes its place. */
  readonly key: string;
  readonly set: string;
  readonly group: ToolGroup;
  readonly guest: {
    /** For people. */
    readonly name: string;
    /** Debian's name of the architecture. */
    readonly debian: string;
    readonly distribution: string;
    readonly suite: string;
    /** All that was installed, where that decided. */
    readonly installed?: Readonly<Record<string, string>>;
  };
  /** The guest's. */
  readonly packages: readonly UsedPackage[];
  readonly tools: readonly PairedTool[];
  /** ISO 8601. */
  readonly madeAt: string;
}

const text = ofType('string');
/** Its conditions are checked where it is written into the tree. */
const recipe: Shape = (value, at) =>
  isRecord(value) && typeof value['exec'] === 'string' && Array.isArray(value['libraries']) ? undefined : at;
const shape = fields({
  schema: oneOf('anyarch/tool-pairing/2'),
  key: text,
  set: text,
  group: oneOf(...toolGroups),
  guest: fields({
    name: text,
    debian: text,
    distribution: text,
    suite: text,
    // Names of packages are its fields.
    'installed?': (value, at) => (isRecord(value) ? undefined : at),
  }),
  packages: listOf(usedPackage),
  tools: listOf(
    fields({
      name: text,
      guestPath: text,
      guestPackage: text,
      hostPackage: text,
      'buildId?': text,
      recipe,
      needs: listOf(text),
      'emulatedMs?': ofType('number'),
      'nativeMs?': ofType('number'),
      'executions?': ofType('number'),
      'startUp?': fields({ emulatedMs: ofType('number'), acceleratedMs: ofType('number') }),
    }),
  ),
  madeAt: text,
});

export function pairingPath(state: string, key: string): string {
  return `${toolSetsDirectory(state)}/${setsFiles.pairings}/${key}.json`;
}

/** All that can be read; what cannot is as if it were not there: its programs are emulated, and it is made again. */
export function readPairings(files: Pick<Files, 'read' | 'list'>, state: string): Pairing[] {
  const directory = `${toolSetsDirectory(state)}/${setsFiles.pairings}`;
  const names = ignoring(['ENOENT', 'ENOTDIR'], () => files.list(directory)) ?? [];
  return names
    .filter((name) => /^[0-9a-f]{16}\.json$/.test(name))
    .toSorted()
    .flatMap((name) => {
      const content = ignoring(['ENOENT', 'EACCES'], () => files.read(`${directory}/${name}`));
      const document = content === undefined ? undefined : parseJson(decodeUtf8(content));
      if (shape(document, '') !== undefined) return [];
      const pairing = document as Pairing;
      return `${pairing.key}.json` === name && setName.test(pairing.set) ? [pairing] : [];
    });
}
