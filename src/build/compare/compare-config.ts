import { isRecord, parseJson } from '../../core/json.ts';

/** A field of two configurations that is not the same. */
export interface ConfigDifference {
  /** `config.Env[0]`, `history[2].created_by` */
  readonly field: string;
  /** As JSON; undefined where the field is not there. */
  readonly first: string | undefined;
  readonly second: string | undefined;
  readonly explained?: { readonly name: string; readonly reason: string };
}

interface ExpectedField {
  readonly name: string;
  readonly pattern: RegExp;
  /** What both values look like; anything where it is left out. */
  readonly values?: RegExp;
  readonly reason: string;
}

/** Fields that no two builds have the same. */
const expectedFields: readonly ExpectedField[] = [
  {
    name: 'created',
    pattern: /^(created|history\[\d+\]\.created)$/,
    reason: 'it is the time of the build',
  },
  {
    name: 'builder',
    pattern: /^(container|(config|container_config)\.(Hostname|Image))$/,
    reason: "docker's classic builder notes the containers and images that it worked with",
  },
  {
    name: 'parent',
    pattern: /^history\[\d+\]\.comment$/,
    values: /^"FROM [0-9a-f]{11,64}\s*"$/,
    reason: 'podman notes the identifier of the image of the step before',
  },
  {
    name: 'buildkit',
    pattern: /^moby\.buildkit\.(buildinfo|cache)\.v\d+$/,
    reason: 'BuildKit notes how it built',
  },
];

/** Follows from what the layers hold, which is compared itself. */
const derived = /^rootfs\.diff_ids\b/;

/** Every field in which two configurations differ: what docker adds to the standard's fields, too. */
export function compareConfigs(first: string, second: string): ConfigDifference[] {
  const [a, b] = [leaves(parseJson(first)), leaves(parseJson(second))];
  const fields = [...new Set([...a.keys(), ...b.keys()])].filter((field) => !derived.test(field)).sort();
  return fields
    .filter((field) => a.get(field) !== b.get(field))
    .map((field) => {
      const expected = expectedFields.find(
        ({ pattern, values }) =>
          pattern.test(field) &&
          [a.get(field) ?? '', b.get(field) ?? ''].every((one) => values?.test(one) ?? true),
      );
      return {
        field,
        first: a.get(field),
        second: b.get(field),
        ...(expected === undefined ? {} : { explained: { name: expected.name, reason: expected.reason } }),
      };
    });
}

/** The objects with fields of their own, of which an empty one counts as not there, as for engines. */
const structure = /^((container_)?config\.)?[^.[\]]*$/;

/** Maps whose values say nothing: `null` is `{}`. */
const keyed = /\.(ExposedPorts|Volumes)\../;

/**
 * Every value that is neither a list nor an object, by its path, and every empty one that says something by its key:
 * ExposedPorts and Volumes map to `{}`.
 */
function leaves(value: unknown, path = ''): Map<string, string> {
  const isEmpty = (Array.isArray(value) && value.length === 0) || (isRecord(value) && isObjectEmpty(value));
  if (isEmpty) return new Map(structure.test(path) ? [] : [[path, JSON.stringify(value)]]);
  if (Array.isArray(value)) return join(value.map((one, index) => leaves(one, `${path}[${index}]`)));
  if (isRecord(value))
    return join(Object.entries(value).map(([key, one]) => leaves(one, path === '' ? key : `${path}.${key}`)));
  const map = new Map<string, string>();
  if (value === null && keyed.test(path)) return map.set(path, '{}');
  return value === null || value === undefined ? map : map.set(path, JSON.stringify(value));
}

function isObjectEmpty(value: object): boolean {
  return Object.keys(value).length === 0;
}

function join(maps: readonly Map<string, string>[]): Map<string, string> {
  return new Map(maps.flatMap((one) => [...one]));
}
