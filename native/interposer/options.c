/* Options for QEMU, put behind its argv[0]: nothing of them is left in the guest's environment. */
#include "attempt.h"
#include "config.h"

/* 32 words and one to align; the entry keeps 1024 bytes for them. */
enum { MOST_OPTIONS = 32 };

/* The user's own wish stands above ours: QEMU reads both, and takes the option. */
static bool is_given(const struct start *start, const char *option) {
  return (same(option, "-cpu") && variable(start, "QEMU_CPU")) ||
         (same(option, "-B") && variable(start, "QEMU_GUEST_BASE")) ||
         (same(option, "-R") && variable(start, "QEMU_RESERVED_VA"));
}

/* What belongs to the stack's new beginning; the stack itself when there is nothing to put in. */
uint64_t *with_options(const struct start *start, uint64_t *stack) {
  const char *options[MOST_OPTIONS];
  uint32_t count = 0;
  const char *at = config.arguments;
  bool taken = true;
  for (uint32_t index = 0; index < config.count && count < MOST_OPTIONS; index++, at += length_of(at) + 1) {
    if (*at == '-') taken = !is_given(start, at);
    if (taken) options[count++] = at;
  }
  if (count == 0) return stack;
  uint64_t *first = stack - (count + 1) / 2 * 2;
  uint64_t *to = first;
  *to++ = start->count + count;
  *to++ = stack[1];
  for (uint32_t index = 0; index < count; index++) *to++ = (uint64_t)options[index];
  /* Everything behind it follows without a gap. */
  const uint64_t *from = stack + 2;
  if (to != from)
    while (from < start->end) *to++ = *from++;
  return first;
}
