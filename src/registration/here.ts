import type { Host } from '../host/host.ts';
import { ignoring } from '../host/system-error.ts';
import { decodeUtf8 } from '../core/text.ts';

/**
 * Which table a registration was made in. A table lives no longer than the boot, and since Linux 6.7 each user
 * namespace can have its own.
 */
export interface Place {
  readonly boot: string;
  readonly userNamespace: string;
}

export function here({ files }: Pick<Host, 'files'>): Place {
  const unknown = (action: () => string) =>
    ignoring(['ENOENT', 'EACCES', 'ENOTDIR', 'EINVAL', 'EPERM'], action) ?? '';
  return {
    boot: unknown(() => decodeUtf8(files.read('/proc/sys/kernel/random/boot_id')).trim()),
    userNamespace: unknown(() => files.readLink('/proc/self/ns/user')),
  };
}

export function samePlace(a: Place, b: Place): boolean {
  return a.boot === b.boot && a.userNamespace === b.userNamespace;
}

/** Linux 6.7 gave each user namespace its own table (kernel commit 21ca59b365c0, "binfmt_misc: enable sandboxed mounts"). */
export function hasTablePerNamespace(kernelRelease: string): boolean {
  const [major = 0, minor = 0] = kernelRelease.split('.').map((part) => Number.parseInt(part, 10));
  return major > 6 || (major === 6 && minor >= 7);
}
