import { ownGroups } from '../../run/index.ts';
import type { Host } from '../../host/host.ts';
import { fact } from '../examination.ts';
import { numberOf, textOf } from './read-text.ts';

/** The tightest limit of this process's control groups and those above it, as far as they can be seen. */
export interface GroupLimit {
  /** Bytes of memory, or number of processes and threads. */
  readonly limit: number;
  /** The same unit. */
  readonly current: number | undefined;
  readonly path: string;
}

export interface GroupLimits {
  readonly memory: GroupLimit | undefined;
  readonly processes: GroupLimit | undefined;
  /** How many processes were killed for want of memory in our group, since it was made. */
  readonly kills: number;
}

export const groupLimits = fact(({ host }): GroupLimits => {
  const directories = ownGroups(host).flatMap(({ directory, mount }) => withAbove(directory, mount));
  return {
    memory: tightest(host, directories, [
      { limit: 'memory.max', current: 'memory.current' },
      { limit: 'memory.limit_in_bytes', current: 'memory.usage_in_bytes' },
    ]),
    processes: tightest(host, directories, [{ limit: 'pids.max', current: 'pids.current' }]),
    kills: Math.max(0, ...directories.map((directory) => killsIn(host, directory))),
  };
});

function withAbove(directory: string, mount: string): string[] {
  const below = directory.slice(mount.length).split('/').filter(Boolean);
  return below
    .map((_, index) => `${mount}/${below.slice(0, index + 1).join('/')}`)
    .reverse()
    .concat(mount);
}

/** Version 1 writes a number near 2^63 where there is none. */
const unlimited = 2 ** 60;

function tightest(
  host: Pick<Host, 'files'>,
  directories: readonly string[],
  names: readonly { readonly limit: string; readonly current: string }[],
): GroupLimit | undefined {
  const found = directories.flatMap((directory) =>
    names.flatMap(({ limit: name, current }): GroupLimit[] => {
      const path = `${directory}/${name}`;
      const limit = numberOf(textOf(host, path));
      return limit === undefined || limit >= unlimited
        ? []
        : [{ limit, current: numberOf(textOf(host, `${directory}/${current}`)), path }];
    }),
  );
  return found.sort((a, b) => a.limit - b.limit)[0];
}

function killsIn(host: Pick<Host, 'files'>, directory: string): number {
  const text = textOf(host, `${directory}/memory.events`) ?? textOf(host, `${directory}/memory.oom_control`);
  return Number(/^oom_kill (\d+)$/m.exec(text ?? '')?.[1] ?? 0);
}
