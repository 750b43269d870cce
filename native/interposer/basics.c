#include "basics.h"

bool same(const char *a, const char *b) {
  while (*a && *a == *b) a++, b++;
  return *a == *b;
}

bool begins(const char *text, const char *start) {
  while (*start && *text == *start) text++, start++;
  return !*start;
}

size_t length_of(const char *text) {
  size_t length = 0;
  while (text[length]) length++;
  return length;
}

/* A decimal number without sign; `good` becomes false for anything else, and for more than 19 digits. */
uint64_t number_in(struct span digits, bool *good) {
  uint64_t number = 0;
  size_t length = (size_t)(digits.end - digits.start);
  if (length < 1 || length > 19) *good = false;
  for (const char *at = digits.start; *good && at < digits.end; at++) {
    if (*at < '0' || *at > '9') *good = false;
    number = number * 10 + (uint64_t)(*at - '0');
  }
  return number;
}

/* Lists are texts one behind the other: pointers in a table would have to be relocated. The last one is empty. */
bool in_list(const char *list, const char *text, bool whole) {
  for (; *list; list += length_of(list) + 1)
    if (whole ? same(list, text) : begins(text, list)) return true;
  return false;
}
