import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { commandCandidates } from '../command.ts';
import type { GuestLimits } from './limits.ts';
import type { OwnGroup } from './own-groups.ts';
import { controllersOf, scopeProperties } from './settings.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/** Starts a program in a scope of systemd. */
export interface ScopeCommand {
  readonly words: readonly string[];
  /** What systemd-run itself needs of the environment to find the user's systemd. */
  readonly environment: Readonly<Record<string, string>>;
}

/** By these systemd-run finds the user's systemd (environ(7), sd_bus_open_user(3)). */
const busVariables = ['XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'];

/**
 * How a command is started that systemd is to put into a group of its own: where systemd runs, the groups are its
 * business. A property whose controller a manager does not have would be passed over without a word, so that is
 * looked at first.
 *
 * @param guest the environment that the command is to have
 * @returns why it cannot be done where it cannot
 */
export function scopeCommand(
  host: Parts,
  unified: OwnGroup | undefined,
  limits: GuestLimits,
): ((guest: Environment) => ScopeCommand) | { readonly reason: string } {
  const { uid, environment } = host.system;
  const runtime = uid === 0 ? '/run' : environment['XDG_RUNTIME_DIR'];
  if (runtime === undefined || host.files.status(`${runtime}/systemd/private`) === undefined)
    return { reason: uid === 0 ? 'systemd does not run here' : 'no systemd of the user runs here' };
  if (unified === undefined) return { reason: 'systemd does not use version 2 of control groups here' };
  const missing = controllersOf(limits).filter((name) => !managed(host, unified).includes(name));
  if (missing.length > 0)
    return {
      reason: `systemd may not use the ${missing.join(', ')} controller${uid === 0 ? '' : ' for users; as root: systemctl edit user@.service, [Service] Delegate=cpu memory pids'}`,
    };
  const program = commandCandidates('systemd-run', {
    PATH: environment['PATH'] ?? '/usr/bin:/bin',
  }).find((path) => host.files.isExecutable(path));
  if (program === undefined) return { reason: 'there is no systemd-run in PATH' };
  const words = [
    program,
    ...(uid === 0 ? [] : ['--user']),
    ...['--scope', '--quiet', '--collect'],
    // By default it is the command line, which is nobody's business in the journal.
    '--description=anyarch run',
    ...scopeProperties(limits).map((property) => `--property=${property}`),
    '--',
  ];
  return (guest) => {
    const own = busVariables.flatMap((name) => {
      const value = environment[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    const changed = own.filter(([name, value]) => guest[name] !== value);
    const restored = changed.flatMap(([name]) => (guest[name] === undefined ? ['-u', name] : []));
    const set = changed.flatMap(([name]) => (guest[name] === undefined ? [] : [`${name}=${guest[name]}`]));
    return {
      words: changed.length === 0 ? words : [...words, '/usr/bin/env', ...restored, ...set],
      environment: Object.fromEntries(own),
    };
  };
}

type Environment = Readonly<Record<string, string>>;

/** The controllers that the manager may use for its units. */
function managed({ files, system }: Parts, { mount }: OwnGroup): readonly string[] {
  const directory =
    system.uid === 0 ? mount : `${mount}/user.slice/user-${system.uid}.slice/user@${system.uid}.service`;
  const text = ignoring(['ENOENT', 'EACCES'], () =>
    decodeUtf8(files.read(`${directory}/cgroup.controllers`)),
  );
  return text?.trim().split(' ') ?? [];
}
