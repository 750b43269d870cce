/* System call numbers of the architectures that came late to Linux (include/uapi/asm-generic/unistd.h). */

enum {
  NR_FCNTL = 25,
  NR_FSTATFS = 44,
  NR_FACCESSAT = 48,
  NR_OPENAT = 56,
  NR_CLOSE = 57,
  NR_WRITE = 64,
  NR_PREAD64 = 67,
  NR_CLOCK_GETTIME = 113,
  NR_RT_SIGPROCMASK = 135,
  NR_RT_SIGPENDING = 136,
  NR_RT_SIGTIMEDWAIT = 137,
  NR_MUNMAP = 215,
  NR_EXECVE = 221,
  NR_MMAP = 222,
  NR_STATX = 291,
};

/* struct statfs: f_flags */
enum { STATFS_FLAGS_OFFSET = 80, STATFS_FLAGS_SIZE = 8 };
