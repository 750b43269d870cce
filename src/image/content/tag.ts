import { findArchitecture, lookUpArchitecture } from '../../core/architecture.ts';
import { AnyarchError } from '../../core/error.ts';
import { quote } from '../../core/text.ts';

/** What an image of a tag is. */
export interface ImageTag {
  readonly name: string;
  /** Whose command line it speaks. Undefined: decided by the arguments. */
  readonly dialect: 'multiarch' | 'binfmt' | 'qus' | undefined;
  readonly content: TagContent;
  /** Left out where there is nothing for it, because nobody asked for it by its name. */
  readonly isOptional: boolean;
}

/** Which emulators: all that were asked for, none, or one; the latter perhaps for one host only. */
export type TagContent =
  | { readonly kind: 'all' }
  | { readonly kind: 'none' }
  | {
      readonly kind: 'one';
      /** QEMU's name. */
      readonly target: string;
      /** QEMU's name of the host's architecture. */
      readonly host: string | undefined;
    };

/** The distribution specification's; a tag becomes a part of URLs and of file names. */
const tagShape = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/;

/**
 * What a tag stands for: `latest`, `register`, `binfmt`, `qus`, anyarch's version, an architecture (`aarch64`), host
 * and architecture (`x86_64-aarch64`), and the last two with the version behind them, as predecessors have them.
 *
 * @throws AnyarchError ANYARCH_USAGE
 */
export function parseTag(name: string, version: string): ImageTag {
  if (!tagShape.test(name)) throw wrongTag(name, 'no image can have that tag', version);
  const named = (dialect: ImageTag['dialect'], content: TagContent): ImageTag => ({
    name,
    dialect,
    content,
    isOptional: false,
  });
  switch (name) {
    case 'latest':
    case version:
      return named(undefined, { kind: 'all' });
    case 'register':
      return named('multiarch', { kind: 'none' });
    case 'binfmt':
    case 'qus':
      return named(name, { kind: 'all' });
    default:
      return named(undefined, contentOfArchitectureTag(name, version));
  }
}

function contentOfArchitectureTag(name: string, version: string): TagContent {
  const suffix = `-${version}`;
  const words = (name.endsWith(suffix) ? name.slice(0, -suffix.length) : name).split('-');
  const [first, second, ...others] = words.map((word) => lookUpArchitecture(word)?.name);
  if (words.length === 1 && first !== undefined) return { kind: 'one', target: first, host: undefined };
  if (first === undefined || second === undefined || others.length > 0)
    throw wrongTag(name, 'anyarch does not know what it should hold', version);
  if (first === second) throw wrongTag(name, `${first} needs no emulator for itself`, version);
  return { kind: 'one', target: second, host: first };
}

/** The tags that a release has for every machine. */
export function familyTags(version: string): ImageTag[] {
  return ['latest', version, 'register', 'binfmt', 'qus'].map((name) => parseTag(name, version));
}

/** One tag for each emulator, and for each emulator of a host, by QEMU's names as multiarch has them. */
export function architectureTags(hosts: readonly string[], targets: readonly string[]): ImageTag[] {
  const one = (name: string, target: string, host?: string): ImageTag => ({
    name,
    dialect: undefined,
    content: { kind: 'one', target, host },
    isOptional: true,
  });
  const names = targets.map((target) => findArchitecture(target).name);
  return [
    ...names.map((target) => one(target, target)),
    ...hosts.flatMap((host) =>
      names.filter((target) => target !== host).map((target) => one(`${host}-${target}`, target, host)),
    ),
  ];
}

function wrongTag(name: string, why: string, version: string): AnyarchError {
  return new AnyarchError('ANYARCH_USAGE', `--tag ${quote(name, 130)}: ${why}`, {
    hint: `tags are latest, ${version}, register, binfmt, qus, ARCH (aarch64) and HOST-ARCH (x86_64-aarch64)`,
    details: { tag: name.slice(0, 130) },
  });
}
