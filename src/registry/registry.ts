import type { Reference } from '../core/oci/reference.ts';
import { openAuthorizer } from './authorizer.ts';
import { openConnection, type ConnectionOptions, type RegistryHost } from './connection.ts';
import { findCredentials } from './find-credentials.ts';
import { openRepository, type Repository } from './repository.ts';

/**
 * Opens the repository that a reference names. Nothing is asked before the first request; close its connection in the end.
 */
export async function openRepositoryOf(
  host: RegistryHost,
  { registry, repository }: Reference,
  actions: 'pull' | 'pull,push',
  options: ConnectionOptions,
): Promise<Repository> {
  const connection = await openConnection(host, registry, options);
  const authorizer = openAuthorizer({
    http: connection.http,
    registry,
    origin: () => connection.origin(),
    insecure: connection.insecure,
    findCredentials: () => findCredentials(host, registry, repository, options.authfile),
    signal: options.signal,
  });
  return openRepository(connection, authorizer, repository, actions);
}

/** `h/r@sha256:…`, for messages. */
export function contentName({ connection, name }: Repository, which: string): string {
  const separator = which.startsWith('sha256:') ? '@' : ':';
  return `${connection.registry}/${name}${separator}${which}`;
}
