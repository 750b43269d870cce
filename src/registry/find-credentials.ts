import { AnyarchError } from '../core/error.ts';
import { decodeUtf8 } from '../core/text.ts';
import { homeDirectory } from '../host/home-directory.ts';
import type { Host, System } from '../host/host.ts';
import { SystemError } from '../host/system-error.ts';
import { askHelper } from './credential-helper.ts';
import { findInFile } from './credential-file.ts';
import type { Credentials } from './credentials.ts';

export type CredentialsHost = Pick<Host, 'files' | 'processes' | 'system'>;

/**
 * The credentials for a repository: from the one file that is named, else from the first of podman's, buildah's and
 * skopeo's files and docker's that has some.
 *
 * @throws AnyarchError ANYARCH_CREDENTIALS_INVALID
 */
export function findCredentials(
  host: CredentialsHost,
  registry: string,
  repository: string,
  authfile?: string,
): Credentials | undefined {
  const paths = authfile === undefined ? credentialFiles(host.system) : [authfile];
  for (const path of paths) {
    const content = readIfThere(host, path, authfile !== undefined);
    if (content === undefined) continue;
    for (const found of findInFile(content, path, registry, repository)) {
      const credentials =
        found.kind === 'credentials' ? found.credentials : askHelper(host, found.name, registry, path);
      if (credentials !== undefined) return credentials;
    }
  }
  return undefined;
}

/** Where the engines keep credentials (containers-auth.json(5), docker's reference of its command line), in our order. */
export function credentialFiles(system: System): string[] {
  const { environment, uid } = system;
  const named = (name: string) => (environment[name] === '' ? undefined : environment[name]);
  const home = homeDirectory(system);
  const runtime = named('XDG_RUNTIME_DIR');
  const configuration = named('XDG_CONFIG_HOME') ?? (home === undefined ? undefined : `${home}/.config`);
  const docker = named('DOCKER_CONFIG') ?? (home === undefined ? undefined : `${home}/.docker`);
  const chosen = named('REGISTRY_AUTH_FILE');
  const containers =
    chosen === undefined
      ? [
          runtime === undefined ? `/run/containers/${uid}/auth.json` : `${runtime}/containers/auth.json`,
          ...(configuration === undefined ? [] : [`${configuration}/containers/auth.json`]),
        ]
      : [chosen];
  return [...containers, ...(docker === undefined ? [] : [`${docker}/config.json`])];
}

function readIfThere({ files }: CredentialsHost, path: string, isNamed: boolean): string | undefined {
  try {
    return decodeUtf8(files.read(path));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    if (!isNamed && (error.errno === 'ENOENT' || error.errno === 'ENOTDIR')) return undefined;
    throw new AnyarchError('ANYARCH_CREDENTIALS_INVALID', `${path} cannot be read (${error.errno})`, {
      hint: isNamed
        ? '--authfile takes the path of an auth.json or config.json'
        : `look at the rights of ${path}`,
      details: { path, errno: error.errno },
      cause: error,
    });
  }
}
