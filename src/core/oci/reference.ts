import { AnyarchError } from '../error.ts';
import { quote } from '../text.ts';
import { isDigest, type Digest } from './digest.ts';

/** Where an image is: `docker.io/library/debian:stable`, taken apart. */
export interface Reference {
  /** Host and port, `localhost:5000`. */
  readonly registry: string;
  /** Path in the registry, `library/debian`. */
  readonly repository: string;
  readonly tag: string | undefined;
  readonly digest: Digest | undefined;
}

/** What a name without a registry means; people have learnt it from docker. */
const defaultRegistry = 'docker.io';
/** An older name of the same. */
const formerDefaultRegistry = 'index.docker.io';
const officialNamespace = 'library/';

const registryShape =
  /^(?:(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)(?:\.(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const componentShape = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const tagShape = /^\w[\w.-]{0,127}$/;
const longestName = 255;
/** More than any valid one has. */
const longestReference = 512;

/**
 * Reads a reference as docker does (github.com/distribution/reference, regexp.go and normalize.go): a first part with a
 * dot, a colon or an upper-case letter, or `localhost`, is a registry; without one it is docker.io, whose repositories
 * without a slash are below `library/`. Of digests only SHA-256 is known.
 *
 * @throws AnyarchError ANYARCH_REFERENCE_INVALID
 */
export function parseReference(text: string): Reference {
  if (text.length > longestReference) throw invalid(text, `it has more than ${longestReference} characters`);
  const { name, tag, digest } = split(text);
  const { registry, repository } = splitName(name);
  if (!registryShape.test(registry)) throw invalid(text, `${quote(registry)} is no host name`);
  if (repository.toLowerCase() !== repository)
    throw invalid(text, 'upper-case letters are not allowed in the name of a repository', text.toLowerCase());
  if (!repository.split('/').every((component) => componentShape.test(component)))
    throw invalid(
      text,
      `${quote(repository)} is no name of a repository: lower-case letters, digits and single separators ( . _ - / ) between them`,
    );
  if (/^[0-9a-f]{64}$/.test(name)) throw invalid(text, 'a name of 64 hexadecimal digits is an identifier');
  if (registry.length + 1 + repository.length > longestName)
    throw invalid(text, `its name has more than ${longestName} characters`);
  if (tag !== undefined && !tagShape.test(tag))
    throw invalid(
      text,
      `${quote(tag)} is no tag: at most 128 letters, digits, dots, dashes and underscores, the first no dot or dash`,
    );
  if (digest !== undefined && !isDigest(digest))
    throw invalid(text, `${quote(digest, 80)} is no SHA-256 digest`);
  return { registry, repository, tag, digest };
}

/** The same with the tag `latest`, if it names neither tag nor digest. */
export function withDefaultTag(reference: Reference): Reference {
  return reference.tag === undefined && reference.digest === undefined
    ? { ...reference, tag: 'latest' }
    : reference;
}

/** The whole reference, nothing left out. */
export function formatReference({ registry, repository, tag, digest }: Reference): string {
  const name = `${registry}/${repository}${tag === undefined ? '' : `:${tag}`}`;
  return digest === undefined ? name : `${name}@${digest}`;
}

/** `alpine:3@sha256:…`: a colon before the last slash is a port. */
function split(text: string): { name: string; tag: string | undefined; digest: string | undefined } {
  const at = text.indexOf('@');
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const named = at === -1 ? text : text.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  if (colon === -1) return { name: named, tag: undefined, digest };
  return { name: named.slice(0, colon), tag: named.slice(colon + 1), digest };
}

function splitName(name: string): { registry: string; repository: string } {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(slash, 0));
  const isRegistry =
    slash !== -1 && (/[.:]/.test(first) || first === 'localhost' || first.toLowerCase() !== first);
  const registry = isRegistry && first !== formerDefaultRegistry ? first : defaultRegistry;
  const repository = isRegistry ? name.slice(slash + 1) : name;
  const isOfficial = registry === defaultRegistry && !repository.includes('/');
  return { registry, repository: isOfficial ? `${officialNamespace}${repository}` : repository };
}

function invalid(text: string, what: string, suggestion?: string): AnyarchError {
  return new AnyarchError('ANYARCH_REFERENCE_INVALID', `${quote(text, 120)} names no image: ${what}`, {
    hint:
      suggestion === undefined
        ? 'a reference looks like localhost:5000/team/image:tag or team/image@sha256:…'
        : `did you mean ${suggestion}?`,
    details: { reference: text.slice(0, 300) },
  });
}
