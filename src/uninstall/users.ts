import { decodeUtf8 } from '../core/text.ts';
import type { Host } from '../host/host.ts';
import { isRunning, parseHolder } from '../host/lock-holder.ts';
import { ignoring } from '../host/system-error.ts';
import { isSettling } from '../image-store/index.ts';
import type { User } from './found.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/** What /proc says of processes that end meanwhile, or that are of others. */
const unseen = ['ENOENT', 'ENOTDIR', 'ESRCH', 'EACCES', 'EPERM', 'EINVAL'];

/**
 * Processes that execute something below the directories (emulated programs, the launchers of guests, the watching
 * service), and commands of anyarch with the same state directory. As far as this user may see.
 *
 * @param state as ANYARCH_HOME names it; undefined: the default
 */
export function usersOf(
  host: Parts,
  directories: readonly string[],
  state: string | undefined,
): readonly User[] {
  const { files, system } = host;
  const pids = ignoring(unseen, () => files.list('/proc'))?.filter((name) => /^\d+$/.test(name)) ?? [];
  return pids.flatMap((pid): User[] => {
    if (Number(pid) === system.pid) return [];
    const program = ignoring(unseen, () => files.readLink(`/proc/${pid}/exe`))?.replace(/ \(deleted\)$/, '');
    if (program === undefined) return [];
    if (directories.some((directory) => program.startsWith(`${directory}/`)))
      return isSettling(wordsOf(host, pid, 'cmdline')) ? [] : [{ pid: Number(pid), uses: program }];
    const command = commandOf(host, pid, state);
    return command === undefined ? [] : [{ pid: Number(pid), uses: command }];
  });
}

/** `anyarch watch`: what the npm package's program runs as (bin/anyarch). */
function commandOf(host: Parts, pid: string, state: string | undefined): string | undefined {
  const { files, system } = host;
  const words = wordsOf(host, pid, 'cmdline');
  const start = words.findIndex((word) => word.endsWith('/dist/cli/start.cjs'));
  if (start === -1 || files.status(`/proc/${pid}`)?.uid !== system.uid) return undefined;
  const home = wordsOf(host, pid, 'environ')
    .find((one) => one.startsWith('ANYARCH_HOME='))
    ?.slice('ANYARCH_HOME='.length);
  return (home ?? '') === (state ?? '') ? `anyarch ${words[start + 1] ?? ''}`.trim() : undefined;
}

function wordsOf({ files }: Pick<Host, 'files'>, pid: string, name: 'cmdline' | 'environ'): string[] {
  return ignoring(unseen, () => decodeUtf8(files.read(`/proc/${pid}/${name}`)))?.split('\0') ?? [];
}

/** Who holds a lock; undefined when nobody does any more. */
export function lockUser({ files, system }: Parts, path: string): User | undefined {
  const text = ignoring(unseen, () => decodeUtf8(files.read(path)));
  const holder = text === undefined ? undefined : parseHolder(text);
  if (holder === undefined || holder.pid === system.pid || !isRunning(files, holder, path)) return undefined;
  return { pid: holder.pid, uses: path };
}

/** The process in a probe directory's name, if it is of our pid namespace and no other one that has its number by now. */
export function probeUser({ files, system }: Parts, path: string): User | undefined {
  const [, pid = '', namespace = ''] = /\/anyarch-probe-(\d+)-(\d+)-\d+$/.exec(path) ?? [];
  const own = ignoring(unseen, () => files.readLink('/proc/self/ns/pid')) ?? '';
  if (pid === '' || !own.includes(`[${namespace}]`) || Number(pid) === system.pid) return undefined;
  const command = ignoring(unseen, () => decodeUtf8(files.read(`/proc/${pid}/cmdline`)));
  return command?.includes('anyarch') === true ? { pid: Number(pid), uses: path } : undefined;
}
