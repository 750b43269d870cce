#pragma once
/* What the kernel puts on the stack of a new process. */

#include "basics.h"

#pragma GCC visibility push(hidden)

struct start {
  uint64_t count; /* of QEMU's arguments, argv[0] among them */
  char **arguments;
  char **variables;
  uint64_t *auxiliary;
  uint64_t *end; /* behind the auxiliary vector */
  /* The guest's program: its path, and its arguments with argv[0]. Without a path, QEMU has options or nothing to do. */
  const char *path;
  char **guest;
  uint64_t guest_count;
  int descriptor; /* AT_EXECFD, flags O and C of the entry; -1 without */
  bool secure;    /* AT_SECURE */
};

void read_start(struct start *start, uint64_t *stack);
const char *variable(const struct start *start, const char *name);

#pragma GCC visibility pop
