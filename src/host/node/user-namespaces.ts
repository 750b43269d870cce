import { AT_EMPTY_PATH, AT_FDCWD, O_CLOEXEC, O_RDONLY, STATX_INO } from '../../core/launcher/constants.ts';
import { hostConstants } from '../../core/launcher/host-constants.ts';
import type { LauncherHost } from '../../core/launcher/launcher-host.ts';
import type { Program } from '../../core/launcher/program.ts';
import type { Host } from '../host.ts';
import { nodeLaunchers } from './launchers.ts';
import { namespaceError } from './namespace-error.ts';
import { errnoName } from './system-call.ts';

export interface UserNamespace {
  /** The number in the links of /proc/PID/ns/user. */
  readonly inode: number;
  /** Who made it: the user whose process has all capabilities in it. As this process sees the id. */
  readonly owner: number;
}

/** The inode of the initial user namespace: include/linux/proc_ns.h, `PROC_USER_INIT_INO`. */
export const initialUserNamespace = 0xefff_fffd;

/**
 * The user namespace of a process and those around it, the nearest first: as far as this process may see them, which
 * are those below its own one, and that. Reads ioctl_ns(2), changes nothing; about 2 ms.
 *
 * @throws AnyarchError ANYARCH_PROCESS_NOT_FOUND, ANYARCH_PERMISSION, ANYARCH_HOST_UNSUPPORTED
 */
export function userNamespacesOf(
  host: Pick<Host, 'files' | 'system' | 'clock'>,
  pid: number,
): UserNamespace[] {
  const launchers = nodeLaunchers(host);
  const launcherHost = launchers.host();
  const program = climbingProgram(launcherHost);
  const { failures, output } = launchers.launch(program, [`/proc/${pid}/ns/user`], 10_000, { output: true });
  const [failure] = failures;
  if (failure !== undefined)
    throw namespaceError(pid, errnoName(failure.errno), program.steps[failure.step]?.call ?? 'launch');
  return readLevels(output, launcherHost);
}

/** `struct statx` has the same layout on all hosts (include/uapi/linux/stat.h). */
const statxSize = 256;
const inodeOffset = 32;

/** Writes a struct statx and the owner's id for each namespace. The kernel ends it, with EPERM above what may be seen. */
function climbingProgram(host: LauncherHost): Program {
  const { NS_GET_OWNER_UID, NS_GET_PARENT } = hostConstants(host);
  const namespace = { variable: 'namespace' };
  const owner = { variable: 'owner' };
  const status = new Uint8Array(statxSize);
  const last = { onError: { goTo: 'last' } } as const;
  return {
    steps: [
      { call: 'openat', arguments: [AT_FDCWD, { argument: 1 }, O_RDONLY | O_CLOEXEC], store: namespace },
      { label: 'level', call: 'statx', arguments: [namespace, '', AT_EMPTY_PATH, STATX_INO, status] },
      { call: 'ioctl', arguments: [namespace, NS_GET_OWNER_UID, { pointerTo: owner }], ...last },
      { call: 'write', arguments: [4, status, statxSize] },
      { call: 'write', arguments: [4, { pointerTo: owner }, 4] },
      { call: 'ioctl', arguments: [namespace, NS_GET_PARENT, 0], store: namespace, ...last, next: 'level' },
      { label: 'last', call: 'exit_group', arguments: [0] },
    ],
  };
}

function readLevels(bytes: Uint8Array, { identity }: LauncherHost): UserNamespace[] {
  const little = identity.endianness === 'little';
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = statxSize + 4;
  return Array.from({ length: Math.floor(bytes.length / size) }, (_, index) => ({
    inode: Number(view.getBigUint64(index * size + inodeOffset, little)),
    owner: view.getUint32(index * size + statxSize, little),
  }));
}
