import { AnyarchError } from '../core/error.ts';
import { quote } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import type { Credentials } from './credentials.ts';

/** What helpers say when they have nothing (docker/docker-credential-helpers, credentials/error.go). */
const nothingFound = 'credentials not found in native keychain';

/** Helpers give this name with an identity token. */
const tokenUser = '<token>';

/**
 * Asks `docker-credential-NAME get` for a registry's credentials. Undefined when it has none.
 *
 * @param path of the file that names the helper
 * @throws AnyarchError ANYARCH_CREDENTIALS_INVALID
 */
export function askHelper(
  { processes }: Pick<Host, 'processes'>,
  name: string,
  registry: string,
  path: string,
): Credentials | undefined {
  const program = `docker-credential-${name}`;
  if (!/^[\w.-]+$/.test(name)) throw failed(program, path, 'its name is no name of a program');
  // What docker stores the default registry under.
  const server = registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
  const { exitCode, signal, startError, timedOut, stdout, stderr } = processes.run([program, 'get'], {
    input: server,
  });
  if (startError === 'ENOENT') throw failed(program, path, 'it is not installed');
  if (startError !== undefined) throw failed(program, path, `it cannot be started (${startError})`);
  if (timedOut) throw failed(program, path, 'it did not answer within 60 s');
  if (exitCode !== 0) {
    if (stdout.includes(nothingFound) || stderr.includes(nothingFound)) return undefined;
    const said = stderr.trim() || stdout.trim();
    const end = exitCode === undefined ? `signal ${signal ?? '?'} ended it` : `exit code ${exitCode}`;
    throw failed(program, path, said === '' ? `${end}, and it said nothing` : `${end}: ${quote(said, 200)}`);
  }
  const answer = parse(stdout);
  if (answer === undefined) throw failed(program, path, 'its answer is not what helpers answer');
  const { username, secret } = answer;
  if (username === '' && secret === '') return undefined;
  const source = `${program} (${path})`;
  return username === tokenUser
    ? { kind: 'identity-token', username: '', secret, source }
    : { kind: 'password', username, secret, source };
}

function parse(stdout: string): { username: string; secret: string } | undefined {
  let value: unknown;
  try {
    value = JSON.parse(stdout);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { Username: username, Secret: secret } = value as Readonly<Record<string, unknown>>;
  return typeof username === 'string' && typeof secret === 'string' ? { username, secret } : undefined;
}

function failed(program: string, path: string, what: string): AnyarchError {
  return new AnyarchError(
    'ANYARCH_CREDENTIALS_INVALID',
    `${quote(program)}, which ${path} asks for credentials, failed: ${what}`,
    {
      hint: `install or unlock it, take it out of ${path}, or name another file with --authfile`,
      details: { program: program.slice(0, 100), path },
    },
  );
}
