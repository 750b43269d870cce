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
  /** The same, of the last change of whatever kind: unlike the other one nobody can set it back. Undefined where a host does not tell. */
  readonly changedMs?: number | undefined;
}

/** Undefined where no file is. */
export function fingerprintOf({ files }: Pick<Host, 'files'>, path: string): Fingerprint | undefined {
  const status = files.status(path);
  if (status?.kind !== 'file') return undefined;
  const { inode, size, modifiedMs, changedMs } = status;
  return { inode, size, modifiedMs, ...(changedMs === undefined ? {} : { changedMs }) };
}

export function sameFingerprint(a: Fingerprint, b: Fingerprint): boolean {
  return (
    a.inode === b.inode && a.size === b.size && a.modifiedMs === b.modifiedMs && a.changedMs === b.changedMs
  );
}
