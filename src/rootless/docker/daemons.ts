import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';

type Parts = Pick<Host, 'files' | 'system'>;

/** A docker daemon of this user that runs in a namespace of rootlesskit's. */
export interface Daemon {
  /** A process in that namespace: the daemon, or rootlesskit's child while the daemon is not there yet. */
  readonly pid: number;
  /** Where rootlesskit keeps what it knows of itself. */
  readonly stateDirectory: string;
  /** Paths of the unix sockets that it listens on. */
  readonly sockets: readonly string[];
  /** What rootlesskit was started with as PATH; the daemon's own is another one where a program of ours stands before it. */
  readonly searchPath: string | undefined;
}

/**
 * One for each namespace, whatever started it. They are known by their process and by rootlesskit's own record of it:
 * a daemon that runs in a container of this user has such a record only in there.
 */
export function runningDaemons(host: Parts): readonly Daemon[] {
  const found = new Map<string, Daemon>();
  for (const pid of processesOf(host, host.system.uid)) {
    if (!isDaemon(host, pid)) continue;
    const stateDirectory = environmentOf(host, pid).get('ROOTLESSKIT_STATE_DIR');
    const namespace = userNamespaceOf(host, pid);
    if (stateDirectory === undefined || namespace === undefined) continue;
    const child = childOf(host, stateDirectory);
    if (child === undefined || userNamespaceOf(host, child) !== namespace) continue;
    const searchPath = environmentOf(host, child).get('PATH');
    found.set(namespace, { pid, stateDirectory, sockets: listeningSockets(host, pid), searchPath });
  }
  const starting = startingDaemon(host);
  if (starting !== undefined && !found.has(starting.namespace))
    found.set(starting.namespace, starting.daemon);
  return [...found.values()];
}

/** Where dockerd-rootless.sh has had rootlesskit's directory since 25.0; before, it was a new one in /tmp each time. */
function startingDaemon(host: Parts): { namespace: string; daemon: Daemon } | undefined {
  const { XDG_RUNTIME_DIR: runtime, DOCKERD_ROOTLESS_ROOTLESSKIT_STATE_DIR: chosen } =
    host.system.environment;
  const stateDirectory = chosen ?? (runtime === undefined ? undefined : `${runtime}/dockerd-rootless`);
  if (stateDirectory?.startsWith('/') !== true) return undefined;
  const pid = childOf(host, stateDirectory);
  const namespace = pid === undefined ? undefined : userNamespaceOf(host, pid);
  if (pid === undefined || namespace === undefined) return undefined;
  if (host.files.linkStatus(`/proc/${pid}`)?.uid !== host.system.uid) return undefined;
  // The record of one that was killed names whoever has its number now.
  if (namespace === userNamespaceOf(host, 'self')) return undefined;
  const searchPath = environmentOf(host, pid).get('PATH');
  return { namespace, daemon: { pid, stateDirectory, sockets: [], searchPath } };
}

function processesOf({ files }: Parts, uid: number): number[] {
  return files
    .list('/proc')
    .filter((name) => /^\d+$/.test(name) && files.linkStatus(`/proc/${name}`)?.uid === uid)
    .map(Number);
}

function isDaemon(host: Parts, pid: number): boolean {
  const [program = ''] = (readProcess(host, `${pid}/cmdline`) ?? '').split('\0');
  return program.slice(program.lastIndexOf('/') + 1) === 'dockerd';
}

function environmentOf(host: Parts, pid: number): ReadonlyMap<string, string> {
  const settings = (readProcess(host, `${pid}/environ`) ?? '').split('\0');
  return new Map(
    settings.map((setting) => {
      const equals = setting.indexOf('=');
      return [setting.slice(0, equals), setting.slice(equals + 1)];
    }),
  );
}

function childOf({ files }: Parts, stateDirectory: string): number | undefined {
  const text = reading(() => decodeUtf8(files.read(`${stateDirectory}/child_pid`)))?.trim();
  return text !== undefined && /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
}

function userNamespaceOf({ files }: Parts, pid: number | 'self'): string | undefined {
  return reading(() => files.readLink(`/proc/${pid}/ns/user`));
}

/** By the daemon's own network namespace: it may not be ours. */
function listeningSockets(host: Parts, pid: number): string[] {
  const own = new Set(
    (reading(() => host.files.list(`/proc/${pid}/fd`)) ?? []).map((descriptor) =>
      reading(() => host.files.readLink(`/proc/${pid}/fd/${descriptor}`)),
    ),
  );
  return (readProcess(host, `${pid}/net/unix`) ?? '').split('\n').flatMap((line) => {
    // Num: RefCount Protocol Flags Type St Inode Path (proc_net_unix(5)); the flag is __SO_ACCEPTCON.
    const match = /^\S+: \S+ \S+ (\S+) \S+ \S+ +(\d+) (\/.*)$/.exec(line);
    const [, flags = '', inode = '', path = ''] = match ?? [];
    return (parseInt(flags, 16) & 0x10000) !== 0 && own.has(`socket:[${inode}]`) ? [path] : [];
  });
}

function readProcess({ files }: Parts, path: string): string | undefined {
  return reading(() => decodeUtf8(files.read(`/proc/${path}`)));
}

/** Processes end while one looks, and some may not be looked at. */
function reading<T>(action: () => T): T | undefined {
  return ignoring(['ENOENT', 'ENOTDIR', 'ESRCH', 'EACCES', 'EPERM', 'EINVAL'], action);
}
