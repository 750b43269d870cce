/* kernel.run: one program of the host, its input and output in memory. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "clock.h"
#include "kernel.h"

struct output {
  int descriptor; /* -1 once it has ended */
  uint8_t *data;
  size_t length;
  size_t capacity;
  bool lost; /* it did not fit in memory */
};

struct result {
  int start_error;
  int wait_status;
  bool ended;
  bool timed_out;
};

static int open_pipes(int pipes[3][2]);
static void exchange(struct child *child, int input, const struct bytes *bytes, struct output outputs[2],
                     int64_t deadline, const struct watch *watch, struct result *result);
static void feed(int *input, const struct bytes *bytes, size_t *sent);
static void collect(struct output *output);
static void close_if_open(int *descriptor);
static JSValue describe(JSContext *context, const struct result *result, const struct output outputs[2]);

static struct result run_command(struct command *command, const struct bytes *input, struct output outputs[2],
                                 double timeout_ms) {
  struct result result = {0};
  int pipes[3][2];
  result.start_error = open_pipes(pipes);
  if (result.start_error != 0) return result;
  command->streams[0] = pipes[0][0];
  command->streams[1] = pipes[1][1];
  command->streams[2] = pipes[2][1];
  struct watch watch;
  struct child child;
  watch_children(&watch);
  int64_t deadline = monotonic_ns() + (int64_t)(timeout_ms * 1e6);
  result.start_error = start_child(command, &child);
  for (int stream = 0; stream < 3; stream += 1) close(command->streams[stream]);
  outputs[0].descriptor = pipes[1][0];
  outputs[1].descriptor = pipes[2][0];
  if (result.start_error == 0) exchange(&child, pipes[0][1], input, outputs, deadline, &watch, &result);
  else close(pipes[0][1]);
  close_if_open(&outputs[0].descriptor);
  close_if_open(&outputs[1].descriptor);
  unwatch_children(&watch);
  if (outputs[0].lost || outputs[1].lost) result.start_error = ENOMEM;
  return result;
}

/* Until the program has ended and nobody holds its output open any more, or the time is over. */
static void exchange(struct child *child, int input, const struct bytes *bytes, struct output outputs[2],
                     int64_t deadline, const struct watch *watch, struct result *result) {
  size_t sent = 0;
  for (;;) {
    if (!result->ended) result->ended = child_ended(child, &result->wait_status, &result->start_error);
    if (result->ended) close_if_open(&input);
    bool open = outputs[0].descriptor >= 0 || outputs[1].descriptor >= 0;
    if (result->ended && !open) break;
    struct pollfd wanted[] = {
        {.fd = input, .events = POLLOUT},
        {.fd = outputs[0].descriptor, .events = POLLIN},
        {.fd = outputs[1].descriptor, .events = POLLIN},
    };
    struct timespec rest = time_until(deadline);
    if (rest.tv_sec == 0 && rest.tv_nsec == 0) {
      result->timed_out = true;
      break;
    }
    if (ppoll(wanted, 3, &rest, &watch->waiting) <= 0) continue;
    if (wanted[0].revents) feed(&input, bytes, &sent);
    if (wanted[1].revents) collect(&outputs[0]);
    if (wanted[2].revents) collect(&outputs[1]);
  }
  close_if_open(&input);
  if (result->ended) return;
  kill(child->pid, SIGKILL);
  deadline = monotonic_ns() + GRACE_NS;
  for (;;) {
    result->ended = child_ended(child, &result->wait_status, &result->start_error);
    struct timespec rest = time_until(deadline);
    if (result->ended || (rest.tv_sec == 0 && rest.tv_nsec == 0)) break;
    ppoll(NULL, 0, &rest, &watch->waiting);
  }
  if (!result->ended) close(child->refusal);
}

static void feed(int *input, const struct bytes *bytes, size_t *sent) {
  ssize_t written = write(*input, bytes->data + *sent, bytes->length - *sent);
  if (written > 0) *sent += (size_t)written;
  bool refused = written < 0 && errno != EAGAIN && errno != EINTR;
  if (*sent == bytes->length || refused) close_if_open(input);
}

static void collect(struct output *output) {
  if (output->capacity - output->length < 65536) {
    size_t capacity = output->capacity * 2 + 65536;
    uint8_t *data = realloc(output->data, capacity);
    if (!data) {
      output->lost = true;
      close_if_open(&output->descriptor);
      return;
    }
    output->data = data;
    output->capacity = capacity;
  }
  ssize_t got = read(output->descriptor, output->data + output->length, output->capacity - output->length);
  if (got > 0) output->length += (size_t)got;
  else if (got == 0 || (errno != EAGAIN && errno != EINTR)) close_if_open(&output->descriptor);
}

static int open_pipes(int pipes[3][2]) {
  for (int index = 0; index < 3; index += 1) {
    if (pipe2(pipes[index], O_CLOEXEC) == 0) continue;
    int error = errno;
    while (index-- > 0) {
      close(pipes[index][0]);
      close(pipes[index][1]);
    }
    return error;
  }
  /* A program that reads slowly must not keep us from reading what it writes. */
  fcntl(pipes[0][1], F_SETFL, O_NONBLOCK);
  return 0;
}

static void close_if_open(int *descriptor) {
  if (*descriptor >= 0) close(*descriptor);
  *descriptor = -1;
}

static JSValue describe(JSContext *context, const struct result *result, const struct output outputs[2]) {
  JSValue value = JS_NewObject(context);
  bool started = result->start_error == 0;
  if (started && result->ended && WIFEXITED(result->wait_status))
    JS_SetPropertyStr(context, value, "exitCode", JS_NewInt32(context, WEXITSTATUS(result->wait_status)));
  if (started && result->ended && WIFSIGNALED(result->wait_status))
    JS_SetPropertyStr(context, value, "signal", JS_NewInt32(context, WTERMSIG(result->wait_status)));
  if (!started) JS_SetPropertyStr(context, value, "startError", errno_value(context, result->start_error));
  JS_SetPropertyStr(context, value, "timedOut", JS_NewBool(context, result->timed_out));
  JS_SetPropertyStr(context, value, "stdout", new_bytes(context, outputs[0].data, outputs[0].length));
  JS_SetPropertyStr(context, value, "stderr", new_bytes(context, outputs[1].data, outputs[1].length));
  return value;
}

/* run(words, environment, directory or undefined, input, timeoutMs) */
static JSValue run(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  struct bytes input;
  double timeout_ms = 0;
  JS_ToFloat64(context, &timeout_ms, arguments[4]);
  if (!bytes_of(context, arguments[3], &input)) return JS_EXCEPTION;
  JSValue value = JS_EXCEPTION;
  const char *directory = JS_IsUndefined(arguments[2]) ? NULL : text_of(context, arguments[2]);
  char **words = vector_of(context, arguments[0]);
  char **environment = words ? vector_of(context, arguments[1]) : NULL;
  if (environment && (directory || JS_IsUndefined(arguments[2]))) {
    struct command command = {
        .program = words[0], .searched = true, .words = words, .environment = environment, .directory = directory};
    struct output outputs[2] = {{.descriptor = -1}, {.descriptor = -1}};
    struct result result = run_command(&command, &input, outputs, timeout_ms);
    value = describe(context, &result, outputs);
    free(outputs[0].data);
    free(outputs[1].data);
  }
  free_vector(environment);
  free_vector(words);
  if (directory) JS_FreeCString(context, directory);
  free_bytes(context, &input);
  return value;
}

static const JSCFunctionListEntry calls[] = {JS_CFUNC_DEF("run", 5, run)};

void add_run_call(JSContext *context, JSValueConst kernel) {
  JS_SetPropertyFunctionList(context, kernel, calls, countof(calls));
}
