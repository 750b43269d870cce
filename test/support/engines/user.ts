import { chownSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandOptions, CommandResult } from '../command.ts';
import { run } from '../command.ts';
import { noBus } from '../../../src/doctor/facts/engines/ask-engine.ts';
import { temporaryDirectory } from '../temporary.ts';

/** The unprivileged users that scripts/setup-debian.mjs makes, with ranges in /etc/subuid and /etc/subgid. */
export type TestUser = 'anyarch-test' | 'anyarch-test2' | 'anyarch-test3';

const testUser: TestUser = 'anyarch-test';

/** A new home for a test user, with all XDG directories inside it. */
export interface UserHome {
  readonly user: TestUser;
  readonly directory: string;
  readonly environment: Readonly<Record<string, string>>;
}

export function createUserHome(user: TestUser = testUser): UserHome {
  const directory = temporaryDirectory('user');
  const xdg = {
    XDG_DATA_HOME: join(directory, 'data'),
    XDG_CACHE_HOME: join(directory, 'cache'),
    XDG_CONFIG_HOME: join(directory, 'config'),
    XDG_STATE_HOME: join(directory, 'state'),
    XDG_RUNTIME_DIR: join(directory, 'run'),
  };
  const { uid, gid } = userIds(user);
  chownSync(directory, uid, gid);
  for (const path of Object.values(xdg)) {
    mkdirSync(path, { mode: 0o700 });
    chownSync(path, uid, gid);
  }
  // Where there is dbus-launch, podman would start a bus for who has none, and leave it running.
  const bus = { DBUS_SESSION_BUS_ADDRESS: noBus };
  return {
    user,
    directory,
    environment: { HOME: directory, USER: user, LOGNAME: user, LANG: 'C.UTF-8', ...xdg, ...bus },
  };
}

/** The user's first one of /etc/subuid: where it begins depends on which users a machine got before. */
export function firstSubordinateId(user: TestUser = testUser): number {
  const [, start] = new RegExp(`^${user}:(\\d+):`, 'm').exec(readFileSync('/etc/subuid', 'utf8')) ?? [];
  if (start === undefined) throw new Error(`/etc/subuid has no line of ${user}`);
  return Number(start);
}

/**
 * Runs a program as the unprivileged user: no privilege of root's is left, neither groups nor environment.
 * @param options.environment added to the user's own
 */
export function runAsUser(
  home: UserHome,
  command: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return run(asUser(command, home.user), {
    directory: home.directory,
    ...options,
    environment: {
      PATH: process.env['PATH'],
      // See vitest.config.ts.
      ANYARCH_PLAIN: process.env['ANYARCH_PLAIN'],
      ...home.environment,
      ...options.environment,
    },
  });
}

/** The words that start a command as the unprivileged user. */
export function asUser(command: readonly string[], user: TestUser = testUser): string[] {
  const { uid, gid } = userIds(user);
  const ids = ['--reuid', String(uid), '--regid', String(gid)];
  return ['setpriv', ...ids, '--init-groups', '--inh-caps=-all', '--', ...command];
}

export function userIds(user: TestUser = testUser): { uid: number; gid: number } {
  const match = new RegExp(`^${user}:[^:]*:(\\d+):(\\d+):`, 'm').exec(readFileSync('/etc/passwd', 'utf8'));
  if (match === null) throw new Error(`no user ${user}: run scripts/setup-debian.mjs`);
  return { uid: Number(match[1]), gid: Number(match[2]) };
}
