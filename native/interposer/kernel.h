#pragma once
/* The system calls that are used. All return a negative errno. */

#include "basics.h"

#define XSTR(x) #x
#define STR(x) XSTR(x)
#include STR(HOST_HEADER)

enum {
  AT_FDCWD = -100,
  O_RDONLY = 0,
  O_WRONLY = 1,
  O_NOCTTY = 0400,
  O_NONBLOCK = 04000,
  O_CLOEXEC = 02000000,
  O_PATH = 010000000,
  ENOENT = 2,
  ENOTDIR = 20,
  EPIPE = 32,
  SIGPIPE = 13,
  SIG_BLOCK = 0,
  SIG_SETMASK = 2,
};

static inline long sys_openat(int directory, const char *path, int flags) {
  return system_call(NR_OPENAT, directory, (long)path, flags, 0, 0, 0);
}

static inline long sys_close(int descriptor) { return system_call(NR_CLOSE, descriptor, 0, 0, 0, 0, 0); }

static inline long sys_pread(int descriptor, void *to, size_t size, uint64_t offset) {
  return system_call(NR_PREAD64, descriptor, (long)to, (long)size, (long)offset, 0, 0);
}

static inline long sys_write(int descriptor, const void *from, size_t size) {
  return system_call(NR_WRITE, descriptor, (long)from, (long)size, 0, 0, 0);
}

static inline long sys_execve(const char *path, char *const *arguments, char *const *variables) {
  return system_call(NR_EXECVE, (long)path, (long)arguments, (long)variables, 0, 0, 0);
}

/* Whether the descriptor is closed by the next execve. */
static inline long sys_close_on_exec(int descriptor, bool close) {
  enum { F_SETFD = 2, FD_CLOEXEC = 1 };
  return system_call(NR_FCNTL, descriptor, F_SETFD, close ? FD_CLOEXEC : 0, 0, 0, 0);
}

enum { F_OK = 0, X_OK = 1 };

static inline long sys_faccessat(const char *path, int mode) {
  return system_call(NR_FACCESSAT, AT_FDCWD, (long)path, mode, 0, 0, 0);
}

/* Memory of zeros; NULL when there is none. */
static inline void *sys_map(size_t size) {
  enum { PROT_READ = 1, PROT_WRITE = 2, MAP_PRIVATE = 2, MAP_ANONYMOUS = 0x20 };
#ifdef MMAP_BY_POINTER
  const long words[] = {0, (long)size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0};
  long address = system_call(NR_MMAP, (long)words, 0, 0, 0, 0, 0);
#else
  long address = system_call(NR_MMAP, 0, (long)size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
#endif
  return address < 0 && address > -4096 ? NULL : (void *)address;
}

static inline void sys_unmap(void *from, size_t size) { system_call(NR_MUNMAP, (long)from, (long)size, 0, 0, 0, 0); }

/* The same on every architecture (include/uapi/linux/stat.h). */
struct statx {
  uint32_t mask, block_size;
  uint64_t attributes;
  uint32_t links, uid, gid;
  uint16_t mode, spare;
  uint64_t inode, size, rest[26];
};

_Static_assert(sizeof(struct statx) == 256, "the kernel writes so many bytes");

enum { S_IFMT = 0170000, S_IFREG = 0100000, S_IFIFO = 0010000 };

/* Of the descriptor, or of a path when that is not empty. */
static inline long sys_statx(int descriptor, const char *path, struct statx *to) {
  enum { AT_EMPTY_PATH = 0x1000, STATX_TYPE = 1, STATX_SIZE = 0x200, WANTED = STATX_TYPE | STATX_SIZE };
  long result = system_call(NR_STATX, descriptor, (long)path, *path ? 0 : AT_EMPTY_PATH, WANTED, (long)to, 0);
  return result == 0 && (to->mask & WANTED) != WANTED ? -1 : result;
}

/* Whether the file is on a mount that the kernel calls read-only. */
static inline bool on_read_only_mount(int descriptor) {
  enum { ST_RDONLY = 1, ST_VALID = 0x20 };
  uint64_t buffer[32]; /* larger than any struct statfs */
  if (system_call(NR_FSTATFS, descriptor, (long)buffer, 0, 0, 0, 0) != 0) return false;
  const char *at = (const char *)buffer + STATFS_FLAGS_OFFSET;
  uint64_t flags = STATFS_FLAGS_SIZE == 8 ? *(const uint64_t *)at : *(const uint32_t *)at;
  return (flags & ST_VALID) && (flags & ST_RDONLY);
}

static inline uint64_t nanoseconds(void) {
  enum { CLOCK_REALTIME = 0 };
  int64_t time[2];
  if (system_call(NR_CLOCK_GETTIME, CLOCK_REALTIME, (long)time, 0, 0, 0, 0) != 0) return 0;
  return (uint64_t)time[0] * 1000000000 + (uint64_t)time[1];
}
