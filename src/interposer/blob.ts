import { lookUpArchitecture } from '../core/architecture.ts';
import type { Host } from '../host/host.ts';

/** The package's interposer for a host, whether or not there is one. @param machine `uname -m` */
export function blobPath(build: string, machine: string): string {
  return `${build}/interposer/${lookUpArchitecture(machine)?.name ?? machine}.bin`;
}

/** What tells a file from another without reading it. */
export interface Fingerprint {
  readonly inode: number;
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** Undefined where no file is. */
export function fingerprintOf({ files }: Pick<Host, 'files'>, path: string): Fingerprint | undefined {
  const status = files.status(path);
  if (status?.kind !== 'file') return undefined;
  return { inode: status.inode, size: status.size, modifiedMs: status.modifiedMs };
}

export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return a.inode === b.inode && a.size === b.size && a.modifiedMs === b.modifiedMs;
}
