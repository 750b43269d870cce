#include "whole.h"

#include "kernel.h"

static bool fill(int file, char *to, size_t size) {
  size_t got = 0;
  while (got <= size) {
    /* One byte more than there should be, to see that there is none. */
    long part = sys_pread(file, to + got, size + 1 - got, got);
    if (part < 0) return false;
    if (part == 0) break;
    got += (size_t)part;
  }
  to[size] = 0;
  return got == size;
}

/* Only a regular file with at most so many bytes. */
void read_whole(const char *path, size_t most, struct whole *whole) {
  whole->known = true;
  whole->error = -EINVAL;
  whole->start = NULL;
  long file = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (file < 0) {
    whole->error = file;
    return;
  }
  struct statx facts;
  bool good = sys_statx((int)file, &facts) == 0 && (facts.mode & S_IFMT) == S_IFREG && facts.size <= most;
  char *memory = good ? sys_map(facts.size + 1) : NULL;
  if (memory && fill((int)file, memory, facts.size)) {
    whole->start = memory;
    whole->size = facts.size;
  } else if (memory) {
    sys_unmap(memory, facts.size + 1);
  }
  sys_close((int)file);
}

void forget(struct whole *whole) {
  if (whole->known && whole->start) sys_unmap((void *)whole->start, whole->size + 1);
  whole->known = false;
}
