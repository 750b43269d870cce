/* kernel.execute: what the kernel does with programs of any architecture, found out by raw execve(2). */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "clock.h"
#include "kernel.h"

/* An emulator takes megabytes and two tasks, and machines can be small. */
enum { most_at_once = 8 };

#ifndef MFD_EXEC
#define MFD_EXEC 0x10U /* linux/memfd.h */
#endif

extern char **environ;

struct execution {
  char *program;
  char **words;
  struct child child;
  enum { waiting, running, ended } state;
  int refusal;
  int wait_status;
};

static int execute_all(struct execution *executions, uint32_t count, int64_t deadline);
static void reap(struct execution *executions, uint32_t count, uint32_t *alive);
static void kill_rest(struct execution *executions, uint32_t count, const sigset_t *child);
static int descriptor_of(const char *program);
static JSValue describe(JSContext *context, const struct execution *execution);

static int execute_all(struct execution *executions, uint32_t count, int64_t deadline) {
  int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  /* In an empty root: descriptors that can neither be read nor written. */
  if (nowhere < 0) nowhere = open("/", O_PATH | O_CLOEXEC);
  if (nowhere < 0) return errno;
  struct watch watch;
  watch_children(&watch);
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  int error = 0;
  uint32_t next = 0, alive = 0;
  while (next < count || alive > 0) {
    struct timespec rest = time_until(deadline);
    if (rest.tv_sec == 0 && rest.tv_nsec == 0) {
      reap(executions, next, &alive);
      break;
    }
    if (next < count && alive < most_at_once) {
      struct execution *execution = &executions[next];
      struct command command = {.program = execution->program,
                                .words = execution->words,
                                .environment = environ,
                                .streams = {nowhere, nowhere, nowhere},
                                .kept = descriptor_of(execution->program),
                                .dies_with_us = true};
      error = start_child(&command, &execution->child);
      if (error != 0) break;
      execution->state = running;
      next += 1;
      alive += 1;
      continue;
    }
    reap(executions, next, &alive);
    if (alive == most_at_once || (next == count && alive > 0)) {
      sigtimedwait(&child, NULL, &rest);
      reap(executions, next, &alive);
    }
  }
  kill_rest(executions, next, &child);
  unwatch_children(&watch);
  close(nowhere);
  return error;
}

static void reap(struct execution *executions, uint32_t count, uint32_t *alive) {
  for (uint32_t index = 0; index < count; index += 1) {
    struct execution *execution = &executions[index];
    if (execution->state != running) continue;
    if (!child_ended(&execution->child, &execution->wait_status, &execution->refusal)) continue;
    execution->state = ended;
    *alive -= 1;
  }
}

/* They stay `running`, which is what they did when the time was over. */
static void kill_rest(struct execution *executions, uint32_t count, const sigset_t *child) {
  for (uint32_t index = 0; index < count; index += 1)
    if (executions[index].state == running) kill(executions[index].child.pid, SIGKILL);
  int64_t deadline = monotonic_ns() + GRACE_NS;
  for (uint32_t index = 0; index < count; index += 1) {
    struct execution *execution = &executions[index];
    if (execution->state != running) continue;
    while (waitpid(execution->child.pid, NULL, WNOHANG) == 0) {
      struct timespec rest = time_until(deadline);
      if (rest.tv_sec == 0 && rest.tv_nsec == 0) break;
      sigtimedwait(child, NULL, &rest);
    }
    close(execution->child.refusal);
  }
}

/* The number in /proc/self/fd/9, the name of a file in memory: emulators open it once more. 0 for any other name. */
static int descriptor_of(const char *program) {
  static const char directory[] = "/proc/self/fd/";
  return strncmp(program, directory, sizeof directory - 1) == 0 ? atoi(program + sizeof directory - 1) : 0;
}

/* The shape of ExecutionOutcome in src/host/processes.ts. */
static JSValue describe(JSContext *context, const struct execution *execution) {
  JSValue value = JS_NewObject(context);
  const char *kind = "timeout";
  if (execution->state == ended) {
    int status = execution->wait_status;
    if (execution->refusal != 0) {
      kind = "refused";
      JS_SetPropertyStr(context, value, "errno", errno_value(context, execution->refusal));
    } else if (WIFSIGNALED(status)) {
      kind = "signalled";
      JS_SetPropertyStr(context, value, "signal", JS_NewInt32(context, WTERMSIG(status)));
    } else {
      kind = "exited";
      JS_SetPropertyStr(context, value, "code", JS_NewInt32(context, WEXITSTATUS(status)));
    }
  }
  JS_SetPropertyStr(context, value, "kind", JS_NewString(context, kind));
  return value;
}

/* execute(programs, their argument vectors, timeoutMs for all of them together) */
static JSValue execute(JSContext *context, JSValueConst this, int argument_count, JSValueConst *arguments) {
  char **programs = vector_of(context, arguments[0]);
  if (!programs) return JS_EXCEPTION;
  uint32_t count = 0;
  while (programs[count]) count += 1;
  double timeout_ms = 0;
  JS_ToFloat64(context, &timeout_ms, arguments[2]);
  struct execution *executions = calloc((size_t)count + 1, sizeof *executions);
  bool good = executions != NULL;
  for (uint32_t index = 0; good && index < count; index += 1) {
    JSValue words = JS_GetPropertyUint32(context, arguments[1], index);
    executions[index].program = programs[index];
    executions[index].words = vector_of(context, words);
    good = executions[index].words != NULL;
    JS_FreeValue(context, words);
  }
  JSValue value = JS_EXCEPTION;
  if (good) {
    int error = execute_all(executions, count, monotonic_ns() + (int64_t)(timeout_ms * 1e6));
    value = error == 0 ? JS_NewArray(context) : throw_errno(context, error);
    for (uint32_t index = 0; error == 0 && index < count; index += 1)
      JS_DefinePropertyValueUint32(context, value, index, describe(context, &executions[index]), JS_PROP_C_W_E);
  }
  for (uint32_t index = 0; executions && index < count; index += 1) free_vector(executions[index].words);
  free(executions);
  free_vector(programs);
  return value;
}

/* fileInMemory(bytes): the descriptor of an executable file that has no name but that in /proc/self/fd. */
static JSValue file_in_memory(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  struct bytes bytes;
  if (!bytes_of(context, arguments[0], &bytes)) return JS_EXCEPTION;
  int descriptor = memfd_create("probe", MFD_CLOEXEC | MFD_EXEC);
  /* Linux before 6.3 does not know the flag, and does not need it. */
  if (descriptor < 0 && errno == EINVAL) descriptor = memfd_create("probe", MFD_CLOEXEC);
  int error = descriptor < 0 ? errno : 0;
  /* tmpfs takes a few hundred bytes at once. */
  if (error == 0 && write(descriptor, bytes.data, bytes.length) != (ssize_t)bytes.length) {
    error = ENOSPC;
    close(descriptor);
  }
  free_bytes(context, &bytes);
  return error == 0 ? JS_NewInt32(context, descriptor) : throw_errno(context, error);
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("execute", 3, execute),
    JS_CFUNC_DEF("fileInMemory", 1, file_in_memory),
};

void add_execute_call(JSContext *context, JSValueConst kernel) {
  JS_SetPropertyFunctionList(context, kernel, calls, countof(calls));
}
