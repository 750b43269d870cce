#pragma once
#include "basics.h"

#pragma GCC visibility push(hidden)

enum {
  ELF_BUFFER = 4096,
  LONGEST_BUILD_ID = 64,
  /* In hexadecimal, or s and the size. */
  LONGEST_NAME = 2 * LONGEST_BUILD_ID + 1,
};

/*
 * Writes the GNU build id in lower-case hexadecimal, an empty text when there is none; false when the file is not ELF. It may be
 * of any class and byte order.
 */
bool build_id_of(int descriptor, unsigned char *buffer, char *name);

#pragma GCC visibility pop
