#pragma once
#include "basics.h"

#pragma GCC visibility push(hidden)

/* A file's content in memory that is mapped for it, with a zero byte behind. */
struct whole {
  bool known;
  const char *start; /* NULL when it could not be read */
  size_t size;
  long error; /* without it: negative errno of opening */
};

void read_whole(const char *path, size_t most, struct whole *whole);
void forget(struct whole *whole);

#pragma GCC visibility pop
