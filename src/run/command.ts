import { AnyarchError } from '../core/error.ts';

/** What a guest's environment starts from, as docker's does. */
const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The guest's whole environment. Among the host's own files it is the host's; a root of its own gets a fresh one.
 *
 * @param settings `K=V`, or `K` for the host's value
 * @throws AnyarchError ANYARCH_USAGE for one without a name
 */
export function guestEnvironment(
  host: Environment,
  settings: readonly string[],
  ownRoot: boolean,
): Record<string, string> {
  const start: Environment = ownRoot ? { PATH: defaultPath, HOME: '/root', TERM: host['TERM'] } : host;
  const environment = new Map(Object.entries(start));
  for (const setting of settings) {
    const equals = setting.indexOf('=');
    const name = equals === -1 ? setting : setting.slice(0, equals);
    if (name === '')
      throw new AnyarchError('ANYARCH_USAGE', `"${setting}" names no environment variable`, {
        hint: 'write --env NAME=VALUE, or --env NAME for the value of the host',
      });
    environment.set(name, equals === -1 ? host[name] : setting.slice(equals + 1));
  }
  return Object.fromEntries(
    [...environment].flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** Where execve will look for the command, in the guest. */
export function commandCandidates(command: string, environment: Readonly<Record<string, string>>): string[] {
  if (command.includes('/')) return [command];
  return (environment['PATH'] ?? defaultPath)
    .split(':')
    .map((directory) => `${directory === '' ? '.' : directory}/${command}`);
}
