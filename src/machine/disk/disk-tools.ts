import { obtainPrograms, type Programs, type ProgramsHost } from '../../debian-programs/index.ts';
import type { OnProgress } from '../../transfer/index.ts';

/** What making a disk may fetch, and from where. */
export interface DiskToolOptions {
  readonly mirror?: string | undefined;
  readonly noFetch?: boolean | undefined;
  /** Take lists of packages after their Valid-Until. */
  readonly allowExpired?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: OnProgress | undefined;
}

/**
 * `mke2fs -d` takes an archive from 1.47.1 on, with the library that is opened when it is needed (e2fsprogs' release notes);
 * Debian 12 has an older one, and other distributions build it without. So it is always the same, whatever the host has.
 */
const packages = ['e2fsprogs', 'libarchive13t64', 'fdisk', 'mtools', 'qemu-utils'];

/** mke2fs, sfdisk, mtools and qemu-img for this host. @throws as `obtainPrograms` */
export async function obtainDiskTools(host: ProgramsHost, options: DiskToolOptions): Promise<Programs> {
  // Callers have packages of their own among their options.
  const { mirror, noFetch, allowExpired, signal, onProgress } = options;
  return await obtainPrograms(host, { packages, mirror, noFetch, allowExpired, signal, onProgress });
}
