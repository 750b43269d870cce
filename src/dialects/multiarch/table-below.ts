import { fileKernelTable } from '../../host/file-kernel-table.ts';
import type { Host } from '../../host/host.ts';
import type { BinfmtMisc } from '../../host/kernel-table.ts';
import { ignoring } from '../../host/system-error.ts';

/** `f_type` values (linux/magic.h). */
const binfmtMiscMagic = 0x42494e4d;
const autofsMagic = 0x0187;

/**
 * The host's table where a container sees it: `-v /proc:/host/proc` with PROC_PREFIX=/host, as alekitto's image has it.
 * When nothing is mounted there, this container's own view of the same table is mounted and used instead: a user
 * namespace has only one.
 *
 * @param prefix of `/proc/sys/fs/binfmt_misc`; empty: the host as it is
 */
export function withTableBelow(host: Host, prefix: string): Host {
  if (prefix === '') return host;
  const path = `${prefix}/proc/sys/fs/binfmt_misc`;
  const type = (): number | undefined =>
    ignoring(['ENOENT', 'ENOTDIR'], () => host.files.fileSystemType(path));
  if (type() !== binfmtMiscMagic && type() !== autofsMagic) return host;
  const binfmt: BinfmtMisc = {
    path,
    state: () => {
      const found = type();
      return found === binfmtMiscMagic ? 'mounted' : found === autofsMagic ? 'autofs' : 'unmounted';
    },
    trigger: () => {
      host.files.list(path);
    },
    mount: () => {
      host.binfmt.mount();
    },
    isOwn: () => host.binfmt.isOwn(path),
    table: () => fileKernelTable(host.files, path),
  };
  return { ...host, binfmt };
}
