#pragma once
#include "basics.h"

#pragma GCC visibility push(hidden)

enum { HASH_BUFFER = 65536 };

bool xxh64_of_file(int descriptor, uint64_t size, void *buffer, uint64_t *hash);

#pragma GCC visibility pop
