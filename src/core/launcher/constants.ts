/** Numbers of Linux's system call interface that are the same on all hosts of launchers. */

// clone(2), unshare(2), setns(2): include/uapi/linux/sched.h
export const CLONE_NEWNS = 0x0002_0000;
export const CLONE_NEWUTS = 0x0400_0000;
export const CLONE_NEWUSER = 0x1000_0000;
export const CLONE_NEWPID = 0x2000_0000;
export const CLONE_NEWNET = 0x4000_0000;

// mount(2), umount2(2), open_tree(2), move_mount(2), mount_setattr(2): include/uapi/linux/mount.h
export const MS_NOSUID = 0x2;
export const MS_NODEV = 0x4;
export const MS_NOEXEC = 0x8;
export const MS_REMOUNT = 0x20;
export const MS_BIND = 0x1000;
export const MS_REC = 0x4000;
export const MS_PRIVATE = 0x4_0000;
export const MNT_DETACH = 0x2;
export const OPEN_TREE_CLONE = 0x1;
export const MOVE_MOUNT_F_EMPTY_PATH = 0x4;
export const MOVE_MOUNT_T_EMPTY_PATH = 0x40;
export const MOUNT_ATTR_RDONLY = 0x1;
export const MOUNT_ATTR_NOSUID = 0x2;
export const MOUNT_ATTR_NODEV = 0x4;

// openat(2) and its relatives: include/uapi/linux/fcntl.h
export const AT_FDCWD = -100;
export const AT_EMPTY_PATH = 0x1000;
export const AT_RECURSIVE = 0x8000;
export const O_RDONLY = 0o0;
export const O_WRONLY = 0o1;
export const O_RDWR = 0o2;
export const O_CLOEXEC = 0o2000000;
export const O_PATH = 0o10000000;
export const F_SETFD = 2;
export const FD_CLOEXEC = 1;

// socket(2): include/linux/socket.h; SOCK_RAW, unlike its neighbours, is the same on mips (arch/mips/include/asm/socket.h)
export const AF_UNIX = 1;
export const SOCK_RAW = 3;

// netdevice(7): include/uapi/linux/{sockios,if}.h
export const SIOCSIFFLAGS = 0x8914;
export const IFF_UP = 0x1;

// flock(2): include/uapi/asm-generic/fcntl.h
export const LOCK_SH = 1;
export const LOCK_EX = 2;
export const LOCK_NB = 4;

// openat2(2): include/uapi/linux/openat2.h
export const RESOLVE_NO_MAGICLINKS = 0x02;
export const RESOLVE_IN_ROOT = 0x10;

// mknodat(2): include/uapi/linux/stat.h
export const S_IFREG = 0o100000;

// statx(2): include/uapi/linux/stat.h
export const STATX_INO = 0x100;

// prctl(2): include/uapi/linux/prctl.h
export const PR_SET_PDEATHSIG = 1;
export const PR_CAPBSET_DROP = 24;
export const PR_SET_DUMPABLE = 4;
export const PR_SET_NAME = 15;
export const PR_GET_NAME = 16;
export const PR_SET_NO_NEW_PRIVS = 38;

// Signals: include/uapi/asm-generic/signal.h; the others differ by host (`host-constants.ts`)
export const SIGHUP = 1;
export const SIGINT = 2;
export const SIGQUIT = 3;
export const SIGKILL = 9;
export const SIGTERM = 15;

// capabilities(7): include/uapi/linux/capability.h
export const CAP_SYS_PTRACE = 19;
export const CAP_SYS_ADMIN = 21;
export const CAP_SYS_RESOURCE = 24;
export const LINUX_CAPABILITY_VERSION_3 = 0x2008_0522;
