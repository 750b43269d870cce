#include "start.h"

enum { AT_NULL = 0, AT_EXECFD = 2, AT_FLAGS = 8, AT_SECURE = 23 };
/* binfmt_misc's flag P: argv[2] is the guest's argv[0] (include/uapi/linux/binfmts.h). */
enum { AT_FLAGS_PRESERVE_ARGV0 = 1 };

void read_start(struct start *start, uint64_t *stack) {
  start->count = stack[0];
  start->arguments = (char **)(stack + 1);
  start->variables = start->arguments + start->count + 1;
  char **variable = start->variables;
  while (*variable) variable++;
  start->auxiliary = (uint64_t *)(variable + 1);
  start->descriptor = -1;
  start->secure = false;
  uint64_t flags = 0;
  uint64_t *entry = start->auxiliary;
  for (; entry[0] != AT_NULL; entry += 2) {
    if (entry[0] == AT_EXECFD) start->descriptor = (int)entry[1];
    if (entry[0] == AT_FLAGS) flags = entry[1];
    if (entry[0] == AT_SECURE) start->secure = entry[1] != 0;
  }
  start->end = entry + 2;
  /* Whatever begins with a dash is an option to QEMU, in this place also the path of a program. */
  start->path = start->count > 1 && start->arguments[1][0] != '-' ? start->arguments[1] : NULL;
  uint64_t first = flags & AT_FLAGS_PRESERVE_ARGV0 ? 2 : 1;
  start->guest = start->arguments + first;
  start->guest_count = start->count > first ? start->count - first : 0;
}

/* The value of an environment variable, NULL when it is not set. */
const char *variable(const struct start *start, const char *name) {
  size_t length = length_of(name);
  for (char **at = start->variables; *at; at++)
    if (begins(*at, name) && (*at)[length] == '=') return *at + length + 1;
  return NULL;
}
