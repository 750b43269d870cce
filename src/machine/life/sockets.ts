import { AnyarchError } from '../../core/error.ts';
import type { Host } from '../../host/host.ts';
import { ignoring, SystemError } from '../../host/system-error.ts';
import { rootOwners, untrustedAncestor } from '../../host/trusted-path.ts';
import type { MachineRecord } from '../record.ts';

/** Sockets of a running machine; they let everybody in who reaches them, so their directory is its user's alone. */
export interface MachineSockets {
  readonly directory: string;
  readonly console: string;
  readonly qmp: string;
  /** ssh's ControlPath. */
  readonly ssh: string;
  /** The guest's engine, on the host. */
  readonly engine: string;
  readonly guestAgent: string;
  /** @param index in the record's mounts */
  mount(index: number): string;
}

export function machineSockets(directory: string): MachineSockets {
  return {
    directory,
    console: `${directory}/console`,
    qmp: `${directory}/qmp`,
    ssh: `${directory}/ssh`,
    engine: `${directory}/engine.sock`,
    guestAgent: `${directory}/agent`,
    mount: (index) => `${directory}/fs${index}`,
  };
}

/** sun_path has 108 bytes with the zero behind it, and ssh puts 17 characters behind its own for a while. */
const longestDirectory = 107 - '/engine.sock'.length - 17;

type Parts = Pick<Host, 'files' | 'system'>;

/**
 * Makes the directory of a machine's sockets, if need be, and makes sure that nobody else can put one into it.
 *
 * @returns without links
 * @throws AnyarchError ANYARCH_PERMISSION
 */
export function socketDirectory({ files, system }: Parts, { id }: Pick<MachineRecord, 'id'>): string {
  const rejected: string[] = [];
  for (const directory of candidates(system, id)) {
    try {
      files.makeDirectory(directory, 0o700);
      const resolved = files.resolve(directory);
      const reason =
        resolved.length > longestDirectory
          ? 'the path is too long for sockets'
          : reasonToDistrust({ files, system }, resolved);
      if (reason === undefined) return resolved;
      rejected.push(`${directory}: ${reason}`);
    } catch (error) {
      if (!(error instanceof SystemError)) throw error;
      rejected.push(`${directory}: ${error.message}`);
    }
  }
  throw new AnyarchError('ANYARCH_PERMISSION', 'no directory is fit for the sockets of a machine', {
    hint: 'set XDG_RUNTIME_DIR to a directory of your own that nobody else can enter, with a short path',
    details: { rejected },
  });
}

/**
 * Directories that hold a machine's sockets, of whichever start: what XDG_RUNTIME_DIR was then decides. Only those that
 * nobody else can put anything into.
 *
 * @returns without links
 */
export function socketDirectories(parts: Parts, { id }: Pick<MachineRecord, 'id'>): string[] {
  const { files, system } = parts;
  return candidates(system, id).flatMap((directory) => {
    const resolved = ignoring(['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP'], () => files.resolve(directory));
    return resolved === undefined || reasonToDistrust(parts, resolved) !== undefined ? [] : [resolved];
  });
}

function reasonToDistrust({ files, system }: Parts, directory: string): string | undefined {
  const reason = untrustedAncestor(files, directory, [system.uid, ...rootOwners(files)]);
  if (reason !== undefined) return reason;
  const status = files.linkStatus(directory);
  const isOurs = status?.kind === 'directory' && status.uid === system.uid && (status.mode & 0o077) === 0;
  return isOurs ? undefined : 'it is not ours alone';
}

/**
 * A machine outlives its user's session, and systemd-logind(8) empties XDG_RUNTIME_DIR at the end of the last one; of what is
 * in /tmp, systemd-tmpfiles(8) leaves sockets alone that somebody listens at.
 */
function candidates({ uid, environment }: Parts['system'], machineId: string): string[] {
  const { XDG_RUNTIME_DIR: runtime } = environment;
  const id = machineId.replaceAll('-', '').slice(0, 8);
  return [
    `/tmp/anyarch-${uid}/m/${id}`,
    ...(runtime?.startsWith('/') === true ? [`${runtime}/anyarch/m/${id}`] : []),
  ];
}
