import { AnyarchError } from '../core/error.ts';
import { decodeUtf8 } from '../core/text.ts';
import { isInitialUserNamespace } from '../core/user-namespace.ts';
import type { Host } from '../host/host.ts';
import { SystemError, ignoring } from '../host/system-error.ts';
import { hasTablePerNamespace } from '../registration/index.ts';

/**
 * The table of the initial user namespace is the host's: nothing is written there from here, whoever we are.
 *
 * @throws AnyarchError ANYARCH_NAMESPACE
 */
export function requireOwnNamespace({ files, system }: Pick<Host, 'files' | 'system'>): void {
  if (!hasTablePerNamespace(system.kernelRelease))
    throw new AnyarchError(
      'ANYARCH_NAMESPACE',
      `Linux ${system.kernelRelease} has one table for all; private ones exist since 6.7`,
      { hint: 'update the kernel, or ask an administrator to run: anyarch register' },
    );
  const uidMap = ignoring(['ENOENT'], () => files.read('/proc/self/uid_map'));
  if (uidMap !== undefined && !isInitialUserNamespace(decodeUtf8(uidMap))) return;
  throw new AnyarchError(
    'ANYARCH_NAMESPACE',
    "this is the initial user namespace, whose table is the host's",
    {
      hint: "in podman's namespace: podman unshare anyarch rootless ensure; for the whole machine: anyarch register",
    },
  );
}

/** @throws AnyarchError ANYARCH_PERMISSION, ANYARCH_BINFMT_UNSUPPORTED, ANYARCH_BINFMT_NOT_MOUNTED */
export function mountOwnTable({ binfmt }: Pick<Host, 'binfmt'>): void {
  try {
    binfmt.mount();
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
    throw mountError(binfmt.path, error);
  }
  if (!binfmt.isOwn())
    throw new AnyarchError(
      'ANYARCH_BINFMT_NOT_MOUNTED',
      `mounted binfmt_misc on ${binfmt.path}, but what is seen there is not this namespace's table`,
      { hint: 'look what is mounted over it: findmnt /proc/sys/fs/binfmt_misc' },
    );
}

function mountError(path: string, cause: SystemError): AnyarchError {
  const { errno } = cause;
  const what = `could not mount binfmt_misc on ${path} (${errno})`;
  if (errno === 'EPERM' || errno === 'EACCES')
    return new AnyarchError(
      'ANYARCH_PERMISSION',
      `${what}: only root of the user namespace that owns the mounts may`,
      {
        hint: 'run it as root of a user namespace with mounts of its own: podman unshare, unshare --map-root-user --mount',
        cause,
      },
    );
  if (errno === 'ENODEV' || errno === 'ENOENT')
    return new AnyarchError('ANYARCH_BINFMT_UNSUPPORTED', `${what}: the kernel has no binfmt_misc`, {
      hint: 'ask an administrator to run: modprobe binfmt_misc',
      cause,
    });
  return new AnyarchError('ANYARCH_BINFMT_NOT_MOUNTED', what, {
    hint: 'look what is mounted there: findmnt /proc/sys/fs/binfmt_misc',
    cause,
  });
}
