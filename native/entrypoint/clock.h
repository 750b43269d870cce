#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>
#include <time.h>

/* From an arbitrary start, never going back. */
int64_t monotonic_ns(void);
/* What is left until a moment of that clock; nothing when it has passed. */
struct timespec time_until(int64_t deadline_ns);

#endif
