import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, type CommandResult } from './command.ts';
import { repository } from './fixtures/cache.ts';
import { runDirectory, temporaryDirectory } from './temporary.ts';

export interface PrivateRootOptions {
  /** Run by `sh -e`. `snapshot` prints everything that differs from this machine, in any directory. */
  readonly script: string;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Files that are seen in the place of others. */
  readonly covers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

/**
 * Runs a script as root of a copy of this machine's files, where all writes go to memory, with a binfmt_misc table, processes
 * and /tmp of its own. The checkout and the test run's directory are seen as they are.
 */
export async function runInPrivateRoot(options: PrivateRootOptions): Promise<CommandResult> {
  const directory = temporaryDirectory('root');
  const mount = join(directory, 'mount');
  mkdirSync(mount);
  const outer = join(directory, 'outer.sh');
  const inner = join(directory, 'inner.sh');
  const script = join(directory, 'script.sh');
  const seen = [repository, runDirectory()];
  writeFileSync(outer, outerScript(mount, inner, seen));
  writeFileSync(inner, innerScript(mount, script, seen, options.covers ?? {}));
  writeFileSync(script, `${snapshot}\n${options.script}`);
  return await run(['unshare', '--mount', '--propagation', 'private', 'sh', '-e', outer], {
    environment: { PATH: process.env['PATH'], HOME: '/root', ...options.environment },
    timeoutMs: options.timeoutMs ?? 280_000,
  });
}

/** A user namespace may only take a mount without others below it to other places: root picks them up before. */
function outerScript(mount: string, inner: string, seen: readonly string[]): string {
  return `mount -t tmpfs tmpfs ${mount}
mkdir ${mount}/base ${mount}/layers
mount --bind / ${mount}/base
${seen.map((path, index) => `mkdir ${mount}/seen${index}; mount --bind ${path} ${mount}/seen${index}`).join('\n')}
exec unshare --user --map-root-user --mount --pid --fork --kill-child --propagation private sh -e ${inner}
`;
}

function innerScript(
  mount: string,
  script: string,
  seen: readonly string[],
  covers: Readonly<Record<string, string>>,
): string {
  return `layers=${mount}/layers
mount -t tmpfs tmpfs $layers
mkdir $layers/upper $layers/work $layers/root
mount -t overlay -o lowerdir=${mount}/base,upperdir=$layers/upper,workdir=$layers/work,userxattr overlay $layers/root
cd $layers/root
mount --rbind /dev dev
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t proc proc proc
mount -t binfmt_misc binfmt_misc proc/sys/fs/binfmt_misc
for directory in tmp run var/tmp; do mount -t tmpfs -o mode=1777 tmpfs $directory; done
mkdir -p run/test/upper run/test/base run/test/old
mount --bind $layers/upper run/test/upper
mount --bind ${mount}/base run/test/base
${seen.map((path, index) => `mkdir -p .${path}; mount --bind ${mount}/seen${index} .${path}`).join('\n')}
${Object.entries(covers)
  .map(([target, source]) => `mount --bind .${source} .${target}`)
  .join('\n')}
pivot_root . run/test/old
cd /
umount -l /run/test/old
exec sh -e ${script}
`;
}

/**
 * What was written to the overlay, but for directories that are as they were, and all that is in memory. Times do not count,
 * and of directories nothing but their mode and owner.
 */
const snapshot = String.raw`
snapshot() {
  find /run/test/upper -mindepth 1 ! -type d -printf '%y %m %U %s /%P %l\n'
  find /run/test/upper -mindepth 1 -type d -printf '%P\n' | while read -r path; do
    here=$(stat -c '%F %a %u' "/run/test/upper/$path")
    [ "$here" = "$(stat -c '%F %a %u' "/run/test/base/$path" 2>&1)" ] || echo "$here /$path"
  done
  find /tmp /run /var/tmp /dev/shm -xdev -mindepth 1 ! -path '/run/test*' -printf '%y %m %U %p %l\n'
  for entry in /proc/sys/fs/binfmt_misc/*; do
    case $entry in */register) ;; *) echo "$entry: $(cat "$entry" | tr '\n' ' ')" ;; esac
  done
}`;
