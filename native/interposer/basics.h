#pragma once
/* Types, limits of the kernel, and small functions: nothing here needs a C library, which a blob does not have. */

#pragma GCC visibility push(hidden)

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A text that is part of another one. */
struct span {
  const char *start;
  const char *end;
};

bool same(const char *a, const char *b);
bool begins(const char *text, const char *start);
size_t length_of(const char *text);
uint64_t number_in(struct span digits, bool *good);
bool in_list(const char *list, const char *text, bool whole);

#pragma GCC visibility pop
