import { AnyarchError } from '../../core/error.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { pauseProcess, runningDaemons } from '../../rootless/index.ts';
import type { EngineName } from '../../rootless/index.ts';
import { namespacesOfUser, userId } from '../../table-in-force/index.ts';

export interface ProcessOptions {
  readonly pid?: string;
  readonly engine?: string;
  readonly user?: string;
}

/**
 * The processes whose tables are asked for; undefined where none are.
 *
 * @throws AnyarchError ANYARCH_USAGE, ANYARCH_ENGINE_NOT_FOUND where nothing of the engine runs, ANYARCH_PERMISSION
 */
export function chosenProcesses(host: Host, options: ProcessOptions): readonly number[] | undefined {
  const { pid, engine, user } = options;
  if ([pid, engine, user].filter((one) => one !== undefined).length > 1)
    throw new AnyarchError('ANYARCH_USAGE', '--pid, --engine and --user exclude each other', {
      hint: 'name one of them',
    });
  if (pid !== undefined) return [processNumber(pid)];
  if (engine !== undefined) return engineProcesses(host, engine as EngineName);
  return user === undefined ? undefined : processesOfUser(host, user);
}

/** @throws AnyarchError ANYARCH_USAGE */
export function processNumber(text: string): number {
  const pid = Number(text);
  if (/^\d+$/.test(text) && pid > 0 && Number.isSafeInteger(pid)) return pid;
  throw new AnyarchError('ANYARCH_USAGE', `--pid: "${text}" is no process id`, {
    hint: 'ps -e -o pid,user,args',
  });
}

function processesOfUser(host: Host, name: string): number[] {
  const uid = userId(host, name);
  if (uid === undefined)
    throw new AnyarchError('ANYARCH_USAGE', `--user: there is no user "${name}"`, { hint: 'getent passwd' });
  if (uid !== host.system.uid && host.system.uid !== 0)
    throw new AnyarchError('ANYARCH_PERMISSION', `the namespaces of user ${name} are not yours to look at`, {
      hint: `sudo anyarch status --user ${name}`,
    });
  return namespacesOfUser(host, uid);
}

/** Of the calling user's engine; a daemon of root's is asked for by root. */
function engineProcesses(host: Host, engine: EngineName): readonly number[] {
  const isRoot = host.system.uid === 0;
  switch (engine) {
    case 'podman': {
      // Root's podman has no namespace of its own.
      const pid = isRoot ? host.system.pid : pauseProcess(host);
      return pid === undefined
        ? notRunning('podman', 'it has no pause process', 'podman unshare true, which starts it')
        : [pid];
    }
    case 'docker': {
      const pids = runningDaemons(host).map(({ pid }) => pid);
      const daemon = pids.length > 0 ? undefined : rootfulDaemon(host);
      const all = daemon === undefined ? pids : [daemon];
      return all.length > 0
        ? all
        : notRunning('docker', 'no daemon of this user or of root runs', 'systemctl --user start docker');
    }
    case 'buildah':
      return commandsOf(host, engine, /^buildah$/);
    case 'apptainer':
      return commandsOf(host, engine, /^(apptainer|Apptainer|starter|singularity)/);
  }
}

function rootfulDaemon({ files }: Host): number | undefined {
  const text = ['/run/docker.pid', '/var/run/docker.pid']
    .map((path) => ignoring(['ENOENT', 'ENOTDIR', 'EACCES'], () => decodeUtf8(files.read(path))))
    .find((one) => one !== undefined);
  const pid = Number(text);
  return text === undefined || !Number.isSafeInteger(pid) || files.status(`/proc/${pid}`) === undefined
    ? undefined
    : pid;
}

/** Engines whose commands have a namespace each: those that run now. */
function commandsOf(host: Host, engine: EngineName, name: RegExp): number[] {
  const { files, system } = host;
  const pids = files
    .list('/proc')
    .filter((one) => /^\d+$/.test(one))
    .filter((one) => {
      const gone = ['ENOENT', 'ESRCH', 'EACCES'];
      const command = ignoring(gone, () => decodeUtf8(files.read(`/proc/${one}/comm`)).trim()) ?? '';
      return name.test(command) && files.linkStatus(`/proc/${one}`)?.uid === system.uid;
    })
    .map(Number);
  return pids.length > 0
    ? pids
    : notRunning(
        engine,
        'each of its commands has a namespace of its own, and none runs',
        `anyarch rootless status ${engine}`,
      );
}

function notRunning(engine: EngineName, reason: string, hint: string): never {
  throw new AnyarchError('ANYARCH_ENGINE_NOT_FOUND', `nothing of ${engine} runs here: ${reason}`, { hint });
}
