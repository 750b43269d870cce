/* A heap for one short run of one thread. */
#ifndef MEMORY_H
#define MEMORY_H

#include <quickjs.h>

/* For JS_NewRuntime2. */
extern const JSMallocFunctions memory_functions;

#endif
