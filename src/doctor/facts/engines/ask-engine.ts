import { quote } from '../../../core/text.ts';
import type { Host } from '../../../host/host.ts';
import type { ProcessResult } from '../../../host/processes.ts';
import type { Silence } from './found-engine.ts';

/** Milliseconds: an engine that takes longer to say what it is hangs, for all that people can tell. */
const patienceMs = 5000;

/** Milliseconds for what makes an image or starts a container. */
export const containerPatienceMs = 20_000;

/**
 * A path that cannot be, so that podman takes the user for one without a session, which is true. Before 5.2 it took any other kind of
 * address for a session, and asked a systemd that was not there to make its control groups (CheckCgroupsAndAdjustConfig).
 */
export const noBus = 'unix:path=/dev/null/bus';

/**
 * What is changed in an engine's environment. Messages are read in English, and a trial is not of the platform that this user wants
 * of docker by default. Podman before 4.9 starts a session's bus for a user who has none and leaves it running, where there is
 * dbus-launch (getSessionBusPlatformAddress of godbus).
 */
export function engineEnvironment(
  host: Pick<Host, 'files' | 'system'>,
): Readonly<Record<string, string | undefined>> {
  return {
    LC_ALL: 'C',
    DOCKER_DEFAULT_PLATFORM: undefined,
    ...(hasSessionBus(host) ? {} : { DBUS_SESSION_BUS_ADDRESS: noBus }),
  };
}

function hasSessionBus({ files, system: { uid, environment } }: Pick<Host, 'files' | 'system'>): boolean {
  const { DBUS_SESSION_BUS_ADDRESS: address = '', XDG_RUNTIME_DIR: runtime = '' } = environment;
  const places = [...(runtime === '' ? [] : [runtime]), `/run/user/${uid}`];
  return address !== '' || places.some((directory) => files.status(`${directory}/bus`) !== undefined);
}

export interface AskOptions {
  readonly timeoutMs?: number;
  readonly input?: Uint8Array;
}

/** What a command of an engine prints, or why nothing is known. */
export function askEngine(
  host: Pick<Host, 'files' | 'processes' | 'system'>,
  command: readonly string[],
  { timeoutMs = patienceMs, input }: AskOptions = {},
): { readonly text: string; readonly said: string } | Silence {
  const result = host.processes.run(command, {
    environment: engineEnvironment(host),
    timeoutMs,
    ...(input === undefined ? {} : { input }),
  });
  if (result.exitCode === 0) return { text: result.stdout, said: result.stderr };
  return silenceOf(command, result, timeoutMs);
}

/** Words of docker's and podman's clients, of their daemons, and of Go's net package. */
const wordings: readonly { readonly why: Silence['why']; readonly pattern: RegExp }[] = [
  { why: 'refused', pattern: /permission denied.*(sock|connect|API)|(sock|connect).*permission denied/i },
  {
    why: 'no-runtime',
    pattern: /(OCI )?runtime "?[^"\n]*"? not found|unknown or invalid runtime|no such runtime/i,
  },
  {
    why: 'not-running',
    pattern:
      /cannot connect to|is the docker daemon running|connection refused|failed to connect|unable to connect|dial (unix|tcp)|no such host|error during connect/i,
  },
];

/** Of what an engine said when it failed. */
export function whySilent(said: string): Silence['why'] {
  const oneLine = said.replaceAll('\n', ' ');
  return wordings.find(({ pattern }) => pattern.test(oneLine))?.why ?? 'failed';
}

/**
 * What an engine printed without its warnings and its log, and without what docker's client adds to errors: `See 'docker run --help'.`, and
 * from 23 on `Run 'docker run --help' for more information`.
 */
export function tellingLines(printed: string): readonly string[] {
  const lines = printed.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.filter((line) => !/^WARNING|^time=|\b(See|Run) '[^']*--help'/.test(line));
  return telling.length > 0 ? telling : lines;
}

function silenceOf(command: readonly string[], result: ProcessResult, timeoutMs: number): Silence {
  const { startError, timedOut, stderr, stdout, exitCode, signal } = result;
  const said = tellingLines(stderr.trim() === '' ? stdout : stderr)
    .slice(-5)
    .join('\n');
  const typed = quote(command.slice(0, 3).join(' '), 80);
  if (timedOut)
    return { why: 'hangs', reason: `${typed} does not answer within ${timeoutMs / 1000} s`, said };
  if (startError !== undefined)
    return { why: 'failed', reason: `${typed} cannot be started (${startError})`, said };
  const end = exitCode === undefined ? `is ended by ${signal ?? 'a signal'}` : `ends with ${exitCode}`;
  const last = said.split('\n').at(-1) ?? '';
  return {
    why: whySilent(said),
    reason: `${typed} ${end}${last === '' ? '' : `: ${quote(last, 300)}`}`,
    said,
  };
}
