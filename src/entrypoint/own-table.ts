import { isInitialUserNamespace } from '../core/user-namespace.ts';
import { decodeUtf8 } from '../core/text.ts';
import type { ConfinementWarning } from '../dialects/index.ts';
import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { hasTablePerNamespace } from '../registration/index.ts';

/** The kernel's clock for files moves on with its ticks, 10 ms at most. */
const tickMs = 10;

/**
 * Where nothing on the machine, or nothing in the user namespace of a rootless engine, has binfmt_misc mounted, a
 * privileged container makes the table by mounting it, and since Linux 6.7 its entries go with the last mount: when the
 * container ends. All that was proven is gone then.
 *
 * @param startedMs when the program started: a table that is younger is of its own making
 */
export function ownTableWarnings(
  { files, binfmt, system }: Pick<Host, 'files' | 'binfmt' | 'system'>,
  startedMs: number,
): readonly ConfinementWarning[] {
  if (system.hostFiles === undefined || !hasTablePerNamespace(system.kernelRelease)) return [];
  if (binfmt.state() !== 'mounted' || binfmt.table().list().length === 0) return [];
  const made = files.status(`${binfmt.path}/register`)?.modifiedMs ?? 0;
  if (made < startedMs - tickMs) return [];
  const uidMap = ignoring(['ENOENT'], () => files.read('/proc/self/uid_map'));
  const isInitial = uidMap === undefined || isInitialUserNamespace(decodeUtf8(uidMap));
  return [isInitial ? endsWithContainer : throwAwayNamespace];
}

const throwAwayNamespace: ConfinementWarning = {
  kind: 'user-namespace',
  message:
    'this container is in a user namespace (rootless, or userns-remap) in which nobody else has binfmt_misc mounted: ' +
    'what is registered is seen in here only, and is gone when the container ends',
  hint: 'run it as root (sudo podman run …, docker run --userns=host …); without root: anyarch run',
};

const endsWithContainer: ConfinementWarning = {
  kind: 'own-table',
  message:
    'binfmt_misc is mounted nowhere but in this container: what is registered works while it runs, ' +
    'and is gone when it ends',
  hint: 'mount it on the host, and run this again: sudo mount -t binfmt_misc binfmt_misc /proc/sys/fs/binfmt_misc',
};
