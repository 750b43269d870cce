#pragma once
/* The system calls that are used. All return a negative errno. */

#include "basics.h"

#define XSTR(x) #x
#define STR(x) XSTR(x)
#include STR(HOST_HEADER)

enum {
  AT_FDCWD = -100,
  O_RDONLY = 0,
  O_NOCTTY = 0400,
  O_NONBLOCK = 04000,
  O_CLOEXEC = 02000000,
  O_PATH = 010000000,
  ENOENT = 2,
  ENOTDIR = 20,
  EINVAL = 22,
};

static inline long sys_openat(int directory, const char *path, int flags) {
  return system_call(NR_OPENAT, directory, (long)path, flags, 0, 0, 0);
}

/* The text of a link, without a zero byte behind it. */
static inline long sys_readlink(const char *path, char *to, size_t size) {
  return system_call(NR_READLINKAT, AT_FDCWD, (long)path, (long)to, (long)size, 0, 0);
}

static inline long sys_close(int descriptor) { return system_call(NR_CLOSE, descriptor, 0, 0, 0, 0, 0); }

static inline long sys_pread(int descriptor, void *to, size_t size, uint64_t offset) {
  return system_call(NR_PREAD64, descriptor, (long)to, (long)size, (long)offset, 0, 0);
}

/* A socket that is connected with the one of that address; nobody waits for it. */
static inline long sys_connected(const void *address, size_t size) {
  enum { AF_UNIX = 1, SOCK_STREAM = 1, SOCK_NONBLOCK = 04000, SOCK_CLOEXEC = 02000000 };
  long made = system_call(NR_SOCKET, AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, 0, 0, 0);
  if (made < 0) return made;
  long result = system_call(NR_CONNECT, made, (long)address, (long)size, 0, 0, 0);
  if (result == 0) return made;
  sys_close((int)made);
  return result;
}

static inline long sys_send(int socket, const void *from, size_t size) {
  enum { MSG_NOSIGNAL = 0x4000 };
  return system_call(NR_SENDTO, socket, (long)from, (long)size, MSG_NOSIGNAL, 0, 0);
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
  uint64_t inode, size, blocks, attributes_mask;
  struct { int64_t seconds; uint32_t nanoseconds, spare; } accessed, born, changed, modified;
  uint64_t special, device, rest[14];
};

_Static_assert(sizeof(struct statx) == 256, "the kernel writes so many bytes");

enum { S_IFMT = 0170000, S_IFREG = 0100000, S_IFSOCK = 0140000 };

static inline long sys_statx_with(int descriptor, const char *path, int flags, struct statx *to) {
  enum { STATX_TYPE = 1, STATX_CTIME = 0x80, STATX_INO = 0x100, STATX_SIZE = 0x200 };
  enum { WANTED = STATX_TYPE | STATX_CTIME | STATX_INO | STATX_SIZE };
  long result = system_call(NR_STATX, descriptor, (long)path, flags, WANTED, (long)to, 0);
  return result == 0 && (to->mask & WANTED) != WANTED ? -1 : result;
}

static inline long sys_statx(int descriptor, struct statx *to) {
  enum { AT_EMPTY_PATH = 0x1000 };
  return sys_statx_with(descriptor, "", AT_EMPTY_PATH, to);
}

/* Of what a path leads to, or, not followed, of a link itself. */
static inline long sys_statx_of(const char *path, bool follow, struct statx *to) {
  enum { AT_SYMLINK_NOFOLLOW = 0x100 };
  return sys_statx_with(AT_FDCWD, path, follow ? 0 : AT_SYMLINK_NOFOLLOW, to);
}

/* The kernel's word at that place of a struct statfs. */
static inline uint64_t statfs_word(const void *buffer, size_t offset) {
  const char *at = (const char *)buffer + offset;
  return STATFS_WORD == 8 ? *(const uint64_t *)at : *(const uint32_t *)at;
}

enum { STATFS_ROOM = 32 }; /* times 8 bytes: more than any struct statfs has */

/* Whether the file is on a mount that the kernel calls read-only. */
static inline bool on_read_only_mount(int descriptor) {
  enum { ST_RDONLY = 1, ST_VALID = 0x20 };
  uint64_t buffer[STATFS_ROOM];
  if (system_call(NR_FSTATFS, descriptor, (long)buffer, 0, 0, 0, 0) != 0) return false;
  uint64_t flags = statfs_word(buffer, STATFS_FLAGS_OFFSET);
  return (flags & ST_VALID) && (flags & ST_RDONLY);
}

/* Whether the path is on procfs, or cannot be looked at. */
static inline bool may_be_on_procfs(const char *path) {
  enum { PROC_SUPER_MAGIC = 0x9fa0 };
  uint64_t buffer[STATFS_ROOM];
  if (system_call(NR_STATFS, (long)path, (long)buffer, 0, 0, 0, 0) != 0) return true;
  return statfs_word(buffer, 0) == PROC_SUPER_MAGIC;
}

static inline uint64_t nanoseconds(void) {
  enum { CLOCK_REALTIME = 0 };
  int64_t time[2];
  if (system_call(NR_CLOCK_GETTIME, CLOCK_REALTIME, (long)time, 0, 0, 0, 0) != 0) return 0;
  return (uint64_t)time[0] * 1000000000 + (uint64_t)time[1];
}
