import { AnyarchError } from '../../core/error.ts';
import { decodeUtf8 } from '../../core/text.ts';
import type { Host } from '../../host/host.ts';
import { ignoring } from '../../host/system-error.ts';
import { realProgram } from '../real-program.ts';

/**
 * Services of podman (`podman system service`) that this user runs: each keeps what was configured when it started, the
 * path of the runtime above all, and starts no container any more where that is gone.
 */
export function podmanServices(host: Pick<Host, 'files' | 'system'>): readonly number[] {
  const { files, system } = host;
  const podman = realProgram(host, 'podman');
  const own = podman === undefined ? undefined : reading(() => files.status(podman));
  return (
    files
      .list('/proc')
      .filter(
        (name) => /^\d+$/.test(name) && reading(() => files.linkStatus(`/proc/${name}`))?.uid === system.uid,
      )
      .filter((pid) => isService(host, pid))
      // One in a container is another program, with other files.
      .filter(
        (pid) => own === undefined || reading(() => files.status(`/proc/${pid}/exe`))?.inode === own.inode,
      )
      .map(Number)
  );
}

/** Undefined where nothing would miss our files. */
export function servicesInUse(
  host: Pick<Host, 'files' | 'system'>,
  engine: string,
): AnyarchError | undefined {
  const [first, ...others] = podmanServices(host);
  if (first === undefined) return undefined;
  const all = [first, ...others];
  const which = `"podman system service" (process ${all.join(', ')})`;
  return new AnyarchError(
    'ANYARCH_IN_USE',
    `${which} starts containers by a program of ours, until it ends: without that it would start none, native ones neither`,
    {
      hint: `end it (systemctl --user stop podman.service podman.socket, or kill ${all.join(' ')}), then: anyarch rootless disable ${engine}; --force does not wait for it`,
      details: { processes: all.map(String) },
    },
  );
}

function isService({ files }: Pick<Host, 'files'>, pid: string): boolean {
  const text = reading(() => decodeUtf8(files.read(`/proc/${pid}/cmdline`))) ?? '';
  const [program = '', ...words] = text.split('\0');
  const isPodman = program.slice(program.lastIndexOf('/') + 1) === 'podman';
  return isPodman && words.some((word, index) => word === 'system' && words[index + 1] === 'service');
}

/** Processes end while one looks, and some may not be looked at. */
function reading<T>(action: () => T): T | undefined {
  return ignoring(['ENOENT', 'ENOTDIR', 'ESRCH', 'EACCES', 'EPERM', 'EINVAL'], action);
}
