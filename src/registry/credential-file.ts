import { AnyarchError } from '../core/error.ts';
import type { Credentials } from './credentials.ts';

/** What a file of docker's (config.json) or of the containers tools' (auth.json) says about one registry. */
export type Found =
  | { readonly kind: 'credentials'; readonly credentials: Credentials }
  /** To be asked: `docker-credential-NAME`. */
  | { readonly kind: 'helper'; readonly name: string };

/**
 * What is to be tried for a repository, in docker's order: the registry's own helper, the helper for all, what the file
 * itself holds. A key may name a repository or a part of its path, as containers-auth.json(5) has it: the longest counts.
 *
 * @param path of the file, for messages
 * @throws AnyarchError ANYARCH_CREDENTIALS_INVALID
 */
export function findInFile(content: string, path: string, registry: string, repository: string): Found[] {
  const document = asObject(parse(content, path), path);
  const names = namesOf(registry, repository);
  const helper = lookUp(asObject(document['credHelpers'] ?? {}, path), names);
  const general = document['credsStore'];
  const own = lookUp(asObject(document['auths'] ?? {}, path), names);
  const found: Found[] = [];
  for (const name of [helper?.value, general])
    if (typeof name === 'string' && name !== '') found.push({ kind: 'helper', name });
  const credentials = own === undefined ? undefined : readEntry(asObject(own.value, path), own.key, path);
  if (credentials !== undefined) found.push({ kind: 'credentials', credentials });
  return found;
}

/** `r/team/image`, `r/team`, `r`. */
function namesOf(registry: string, repository: string): string[] {
  const parts = repository.split('/');
  return [
    ...parts.map((_, index) => [registry, ...parts.slice(0, parts.length - index)].join('/')),
    registry,
  ];
}

function lookUp(
  entries: Readonly<Record<string, unknown>>,
  names: readonly string[],
): { key: string; value: unknown } | undefined {
  for (const name of names)
    for (const [key, value] of Object.entries(entries)) if (normalised(key) === name) return { key, value };
  return undefined;
}

/** Keys have been written as URLs of the first and second version of the protocol, and the default registry in three ways. */
function normalised(key: string): string {
  const [, scheme, name = ''] = /^(https?:\/\/)?(.*?)\/*$/.exec(key) ?? [];
  const [host = '', ...path] = name.split('/');
  const registry = ['index.docker.io', 'registry-1.docker.io'].includes(host) ? 'docker.io' : host;
  const isUrl = scheme !== undefined || /^v[12]$/.test(path.join('/'));
  return isUrl ? registry : [registry, ...path].join('/');
}

/** Undefined for the empty entries that docker leaves for what a helper keeps. */
function readEntry(
  entry: Readonly<Record<string, unknown>>,
  key: string,
  path: string,
): Credentials | undefined {
  const { auth, identitytoken, username: plainName, password } = entry;
  const decoded = typeof auth === 'string' && auth !== '' ? decode(auth, key, path) : undefined;
  const username = decoded?.username ?? (typeof plainName === 'string' ? plainName : '');
  if (typeof identitytoken === 'string' && identitytoken !== '')
    return { kind: 'identity-token', username, secret: identitytoken, source: path };
  const secret = decoded?.secret ?? (typeof password === 'string' ? password : '');
  return username === '' && secret === '' ? undefined : { kind: 'password', username, secret, source: path };
}

/** `user:password` in base64, with the zero bytes that some tools append. */
function decode(auth: string, key: string, path: string): { username: string; secret: string } {
  const text = Buffer.from(auth, 'base64').toString().replace(/\0+$/, '');
  const colon = text.indexOf(':');
  if (colon === -1 || !/^[A-Za-z0-9+/_-]*=*\s*$/.test(auth))
    throw unusable(path, `"auth" of ${JSON.stringify(key)} is not base64 of user:password`);
  return { username: text.slice(0, colon), secret: text.slice(colon + 1) };
}

function parse(content: string, path: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    // The parser's message would quote from the file.
    throw unusable(path, 'it is no JSON');
  }
}

function asObject(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unusable(path, 'an object was expected');
  return value as Readonly<Record<string, unknown>>;
}

function unusable(path: string, what: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_CREDENTIALS_INVALID',
    `the credentials in ${path} cannot be used: ${what}`,
    {
      hint: `repair it, or log in again with docker login or podman login; --authfile FILE names another one`,
      details: { path },
    },
  );
}
