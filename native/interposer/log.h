#pragma once
#include "attempt.h"

#pragma GCC visibility push(hidden)

bool log_is_followed(struct attempt *attempt);
void log_substituted(struct attempt *attempt);
void log_emulated(struct attempt *attempt);
void close_log(struct attempt *attempt);

#pragma GCC visibility pop
