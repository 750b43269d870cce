/* System call numbers of the architectures that came late to Linux (include/uapi/asm-generic/unistd.h). */

enum {
  NR_FCNTL = 25,
  NR_STATFS = 43,
  NR_FSTATFS = 44,
  NR_FACCESSAT = 48,
  NR_OPENAT = 56,
  NR_CLOSE = 57,
  NR_PREAD64 = 67,
  NR_READLINKAT = 78,
  NR_CLOCK_GETTIME = 113,
  NR_SOCKET = 198,
  NR_CONNECT = 203,
  NR_SENDTO = 206,
  NR_MUNMAP = 215,
  NR_EXECVE = 221,
  NR_MMAP = 222,
  NR_STATX = 291,
};

/* struct statfs: size of a word, and where f_flags is */
enum { STATFS_WORD = 8, STATFS_FLAGS_OFFSET = 80 };
