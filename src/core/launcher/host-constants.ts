import { wordSizeOf } from './launcher-host.ts';
import type { LauncherHost } from './launcher-host.ts';

/** Numbers that differ between hosts. Those that do not are in `constants.ts`. */
export interface HostConstants {
  // openat(2): arch/<name>/include/uapi/asm/fcntl.h
  readonly O_CREAT: number;
  readonly O_EXCL: number;
  readonly O_TRUNC: number;
  readonly O_APPEND: number;
  readonly O_NONBLOCK: number;
  readonly O_NOCTTY: number;
  readonly O_DIRECTORY: number;
  readonly O_NOFOLLOW: number;
  readonly O_LARGEFILE: number;
  // kill(2), clone(2), rt_sigaction(2): arch/<name>/include/uapi/asm/signal.h
  readonly SIGUSR1: number;
  readonly SIGUSR2: number;
  readonly SIGCHLD: number;
  readonly SIGCONT: number;
  readonly SIGSTOP: number;
  readonly SIGTSTP: number;
  readonly SIGTTIN: number;
  readonly SIGTTOU: number;
  readonly SIGWINCH: number;
  /** Bytes of the kernel's sigset_t, the last argument of rt_sigaction(2). */
  readonly signalSetSize: number;
  // ioctl(2): arch/<name>/include/uapi/asm/ioctls.h
  readonly TIOCSCTTY: number;
  readonly TIOCSPGRP: number;
  // ioctl_ns(2): include/uapi/linux/nsfs.h, with the host's _IO of include/uapi/asm/ioctl.h
  readonly NS_GET_PARENT: number;
  readonly NS_GET_OWNER_UID: number;
}

const generic: HostConstants = {
  O_CREAT: 0o100,
  O_EXCL: 0o200,
  O_TRUNC: 0o1000,
  O_APPEND: 0o2000,
  O_NONBLOCK: 0o4000,
  O_NOCTTY: 0o400,
  O_DIRECTORY: 0o200000,
  O_NOFOLLOW: 0o400000,
  O_LARGEFILE: 0o100000,
  SIGUSR1: 10,
  SIGUSR2: 12,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGWINCH: 28,
  signalSetSize: 8,
  TIOCSCTTY: 0x540e,
  TIOCSPGRP: 0x5410,
  NS_GET_PARENT: 0xb702,
  NS_GET_OWNER_UID: 0xb704,
};

/** `_IO` has a bit more there. */
const namespaceRequests = { NS_GET_PARENT: 0x2000_b702, NS_GET_OWNER_UID: 0x2000_b704 };

const armOpenFlags = { O_DIRECTORY: 0o40000, O_NOFOLLOW: 0o100000, O_LARGEFILE: 0o400000 };

const byHost: Readonly<Record<string, Partial<HostConstants>>> = {
  aarch64: armOpenFlags,
  arm: armOpenFlags,
  ppc64le: { ...armOpenFlags, O_LARGEFILE: 0o200000, TIOCSPGRP: 0x8004_7476, ...namespaceRequests },
  mips64el: {
    O_CREAT: 0x100,
    O_EXCL: 0x400,
    O_TRUNC: 0x200,
    O_APPEND: 0x8,
    O_NONBLOCK: 0x80,
    O_NOCTTY: 0x800,
    O_DIRECTORY: 0x1_0000,
    O_NOFOLLOW: 0x2_0000,
    O_LARGEFILE: 0x2000,
    SIGUSR1: 16,
    SIGUSR2: 17,
    SIGCHLD: 18,
    SIGCONT: 25,
    SIGSTOP: 23,
    SIGTSTP: 24,
    SIGTTIN: 26,
    SIGTTOU: 27,
    SIGWINCH: 20,
    signalSetSize: 16,
    TIOCSCTTY: 0x5480,
    TIOCSPGRP: 0x8004_7476,
    ...namespaceRequests,
  },
};

export function hostConstants(host: LauncherHost): HostConstants {
  return { ...generic, ...byHost[host.name] };
}

/** The `struct sigaction` of rt_sigaction(2) that ignores a signal or gives it its default action back. */
export function signalAction(host: LauncherHost, action: 'ignore' | 'default'): Uint8Array {
  const wordSize = wordSizeOf(host);
  // mips64 has the flags before the handler, the others after it; all other fields are zero.
  const handler = host.name === 'mips64el' ? wordSize : 0;
  const struct = new Uint8Array(40);
  const lowByte = host.identity.endianness === 'little' ? 0 : wordSize - 1;
  struct[handler + lowByte] = action === 'ignore' ? 1 : 0;
  return struct;
}
