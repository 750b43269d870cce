#pragma once
#include "attempt.h"

#pragma GCC visibility push(hidden)

/* A descriptor when somebody reads the log, otherwise negative. */
long open_log(void);
void log_substituted(int log, const struct attempt *attempt);
void log_emulated(int log, const struct attempt *attempt);

#pragma GCC visibility pop
