import { chownSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandOptions, CommandResult } from '../command.ts';
import { describeFailure } from '../command.ts';
import type { Guest } from '../fixtures/guests.ts';
import { busyboxImage } from '../fixtures/images.ts';
import type { CliResult } from './cli.ts';
import { offline, withJson } from './cli.ts';
import { installPackage } from './package.ts';
import type { TestUser, UserHome } from './user.ts';
import { createUserHome, runAsUser, userIds } from './user.ts';

/** An unprivileged user with podman, buildah and the guests' busybox images in a home of the test's. */
export interface ContainersUser {
  readonly home: UserHome;
  readonly as: (command: readonly string[], options?: CommandOptions) => Promise<CommandResult>;
  readonly anyarch: (
    args: readonly string[],
    environment?: CommandOptions['environment'],
  ) => Promise<CliResult>;
  /** `run --rm` of a foreign busybox without a network. */
  readonly podmanRun: (
    guest: Guest,
    command: readonly string[],
    flags?: readonly string[],
  ) => Promise<CommandResult>;
  /** Of anyarch, as it is installed. */
  readonly executable: string;
  /** Builds with a RUN of a foreign program; `engine` is `podman` or `buildah`, or how that is started. */
  readonly build: (engine: string | readonly string[], guest: Guest) => Promise<CommandResult>;
  /** Every file of the home but the engines' storage and anyarch's caches, with its content. */
  readonly listing: () => Map<string, string>;
  readonly stop: () => Promise<void>;
}

export async function containersUser(
  guests: readonly Guest[],
  user: TestUser = 'anyarch-test',
): Promise<ContainersUser> {
  const home = withShortRuntimeDirectory(createUserHome(user));
  const executable = await installPackage();
  configure(home);
  const as: ContainersUser['as'] = (command, { environment, ...options } = {}) =>
    runAsUser(home, command, { ...options, environment: { ...offline, ...environment } });
  for (const guest of guests) {
    const image = await busyboxImage(guest);
    const loaded = await as(['podman', 'load', '--quiet'], { input: readFileSync(image.file) });
    if (loaded.exitCode !== 0) throw new Error(describeFailure(loaded));
  }
  return {
    home,
    as,
    executable,
    anyarch: async (args, environment) =>
      withJson(await as([executable, ...args, '--json'], environment === undefined ? {} : { environment })),
    podmanRun: async (guest, command, flags = []) => {
      const { reference } = await busyboxImage(guest);
      const words = ['run', '--rm', '--network', 'none', '--platform', guest.platform, ...flags];
      return as(['podman', ...words, reference, ...command]);
    },
    build: async (engine, guest) => {
      const { reference } = await busyboxImage(guest);
      const context = join(home.directory, 'context');
      mkdirSync(context, { recursive: true });
      writeFileSync(join(context, 'Containerfile'), `FROM ${reference}\nRUN uname -m\n`);
      const words = [
        'build',
        '--no-cache',
        '--pull=never',
        '--network',
        'none',
        '--platform',
        guest.platform,
      ];
      return as([...(typeof engine === 'string' ? [engine] : engine), ...words, context]);
    },
    listing: () => listFiles(home.directory),
    stop: async () => {
      await as(['podman', 'rm', '--all', '--force', '--time', '0']);
      await as(['podman', 'system', 'migrate']);
      // What podman leaves running may still write for a moment.
      rmSync(home.directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/**
 * Podman refuses a runroot of more than 50 characters where it is named to it, as it is to what cleans up behind a
 * container: whoever waits for the container then does so for 20 seconds.
 */
function withShortRuntimeDirectory(home: UserHome): UserHome {
  const short = join(home.directory, 'r');
  const { uid, gid } = userIds(home.user);
  mkdirSync(short, { mode: 0o700 });
  chownSync(short, uid, gid);
  return { ...home, environment: { ...home.environment, XDG_RUNTIME_DIR: short } };
}

/** What podman needs without systemd, and on kernels that keep overlays from users. */
function configure({ user, environment }: UserHome): void {
  const directory = join(environment['XDG_CONFIG_HOME'] ?? '', 'containers');
  mkdirSync(directory);
  writeFileSync(
    join(directory, 'containers.conf'),
    '[engine]\ncgroup_manager = "cgroupfs"\nruntime = "runc"\nevents_logger = "file"\n',
  );
  const storage = join(environment['XDG_DATA_HOME'] ?? '', 'containers/storage');
  const run = join(environment['XDG_RUNTIME_DIR'] ?? '', 'containers');
  writeFileSync(
    join(directory, 'storage.conf'),
    `[storage]\ndriver = "vfs"\ngraphroot = "${storage}"\nrunroot = "${run}"\n`,
  );
  const { uid, gid } = userIds(user);
  chownSync(directory, uid, gid);
}

function listFiles(top: string): Map<string, string> {
  const found = new Map<string, string>();
  const visit = (path: string): void => {
    const relative = path.slice(top.length + 1);
    if (['data/containers', 'cache', '.cache', '.config', 'run', 'r', 'context'].includes(relative)) return;
    if (!statSync(path).isDirectory()) {
      found.set(relative, readFileSync(path, 'latin1'));
      return;
    }
    found.set(`${relative}/`, '');
    for (const name of readdirSync(path).sort()) visit(join(path, name));
  };
  visit(top);
  return found;
}
