#include "clock.h"

#include <errno.h>
#include <signal.h>

#include "kernel.h"

int64_t monotonic_ns(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

struct timespec time_until(int64_t deadline_ns) {
  int64_t left = deadline_ns - monotonic_ns();
  if (left < 0) left = 0;
  return (struct timespec){.tv_sec = left / 1000000000, .tv_nsec = left % 1000000000};
}

static JSValue monotonic(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return JS_NewFloat64(context, (double)monotonic_ns() / 1e6);
}

static JSValue sleep_(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  double ms = 0;
  JS_ToFloat64(context, &ms, arguments[0]);
  struct timespec rest = time_until(monotonic_ns() + (int64_t)(ms * 1e6));
  while (nanosleep(&rest, &rest) < 0 && errno == EINTR);
  return JS_UNDEFINED;
}

/* From the first call on these signals end nothing any more: they wait to be taken. Programs that we start are born
   without that (child.c). */
static JSValue wait_for_signal(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  double ms = 0;
  JS_ToFloat64(context, &ms, arguments[0]);
  int64_t deadline = monotonic_ns() + (int64_t)(ms * 1e6);
  sigset_t taken;
  sigemptyset(&taken);
  const int signals[] = {SIGTERM, SIGINT, SIGHUP};
  for (int index = 0; index < countof(signals); index += 1) sigaddset(&taken, signals[index]);
  sigprocmask(SIG_BLOCK, &taken, NULL);
  int signal;
  do {
    struct timespec rest = time_until(deadline);
    signal = sigtimedwait(&taken, NULL, &rest);
  } while (signal < 0 && errno == EINTR);
  return JS_NewInt32(context, signal < 0 ? 0 : signal);
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("monotonic", 0, monotonic),
    JS_CFUNC_DEF("sleep", 1, sleep_),
    JS_CFUNC_DEF("waitForSignal", 1, wait_for_signal),
};

void add_clock_calls(JSContext *context, JSValueConst kernel) {
  JS_SetPropertyFunctionList(context, kernel, calls, countof(calls));
}
