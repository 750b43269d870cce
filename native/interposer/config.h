#pragma once
/* What TypeScript puts behind the blob (src/interposer/patch/config.ts). The compiler sees no value that it could build in. */

#include "basics.h"

#pragma GCC visibility push(hidden)

struct config {
  char magic[8]; /* AnyArch1 */
  int64_t entry; /* QEMU's own entry, from the address of this block */
  uint32_t flags;
  uint32_t count;     /* of the arguments for QEMU */
  char arguments[];   /* each with its zero byte */
};

enum { CONFIG_BIG_ENDIAN = 1 };

extern const struct config config;

#pragma GCC visibility pop
