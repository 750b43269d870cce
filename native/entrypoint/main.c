/* The image's program: evaluates the JavaScript that is linked in, with `kernel` as its only way to the outside. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "kernel.h"
#include "unpack.h"

/* bytecode.S: the length of the bytecode as four bytes, the lowest first; then one block of LZ4. */
extern const uint8_t bytecode[];
extern const uint8_t bytecode_end[];

static int has_memory(void);
static void occupy_streams(void);
static void choose_signals(void);
static JSContext *new_context(JSRuntime *runtime);
static void add_kernel(JSContext *context);
static int evaluate(JSContext *context);
static void report(JSContext *context);
static int without_memory(void);

int main(int count, char **words) {
  remember_words(count, words);
  occupy_streams();
  choose_signals();

  JSRuntime *runtime = has_memory() ? JS_NewRuntime() : NULL;
  if (!runtime) return without_memory();
  /* Bytes: a run that ends within milliseconds need not look for garbage. */
  JS_SetGCThreshold(runtime, 16 << 20);
  JSContext *context = new_context(runtime);
  if (!context) return without_memory();
  add_kernel(context);
  /* The process ends here: nothing is gained by freeing what it has. */
  return evaluate(context);
}

/* Bytes. The engine stops at 256 KiB of stack, and calls what needs some, too. Where memory runs out while it makes its
   own objects it throws errors about errors until the stack ends; so it is not started without what these take. */
enum { stack_size = 320 << 10, start_size = 1536 << 10 };

/* The kernel enlarges the stack when it is used, and ends by SIGSEGV who uses it where the address space is limited and
   full. So it is enlarged now, or found to be no more to be had: without being used it costs one page. */
static int has_memory(void) {
  void *room = mmap(NULL, stack_size + start_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (room == MAP_FAILED) return 0;
  munmap(room, stack_size + start_size);
  struct rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) == 0 && limit.rlim_cur < 2 * stack_size) return 1;
  *((volatile char *)__builtin_frame_address(0) - stack_size) = 0;
  return 1;
}

/* What is closed must not become a pipe of ours: the streams of children are put in its place. In an empty root, too,
   there is a directory that can neither be read nor written this way: printing fails, as it should. */
static void occupy_streams(void) {
  for (int stream = 0; stream < 3; stream += 1)
    if (fcntl(stream, F_GETFD) < 0) open("/", O_PATH);
}

static void end(int signal) { _exit(128 + signal); }

/* A reader that has gone is told by EPIPE. SIGCHLD must not be ignored, whatever our parent did: nothing could be waited
   for. Everything else keeps its default, so that every signal ends us at once; but the first process of a container has
   none, and Ctrl-C and `docker stop` would be in vain. Those that it starts get theirs back with execve. */
static void choose_signals(void) {
  signal(SIGPIPE, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);
  if (getpid() != 1) return;
  const int ending[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT};
  for (int index = 0; index < countof(ending); index += 1) signal(ending[index], end);
}

/* What src/ uses of the language; without eval the parser is not linked in. */
static JSContext *new_context(JSRuntime *runtime) {
  JSContext *context = JS_NewContextRaw(runtime);
  if (!context) return NULL;
  JS_AddIntrinsicBaseObjects(context);
  JS_AddIntrinsicDate(context);
  JS_AddIntrinsicRegExpCompiler(context);
  JS_AddIntrinsicRegExp(context);
  JS_AddIntrinsicJSON(context);
  JS_AddIntrinsicMapSet(context);
  JS_AddIntrinsicTypedArrays(context);
  return context;
}

static void add_kernel(JSContext *context) {
  JSValue kernel = JS_NewObject(context);
  add_file_calls(context, kernel);
  add_content_calls(context, kernel);
  add_directory_calls(context, kernel);
  add_process_calls(context, kernel);
  add_clock_calls(context, kernel);
  add_run_call(context, kernel);
  add_execute_call(context, kernel);
  JSValue global = JS_GetGlobalObject(context);
  JS_SetPropertyStr(context, global, "kernel", kernel);
  JS_FreeValue(context, global);
}

static int evaluate(JSContext *context) {
  size_t length = bytecode[0] | (size_t)bytecode[1] << 8 | (size_t)bytecode[2] << 16 | (size_t)bytecode[3] << 24;
  const uint8_t *unpacked = unpack(bytecode + 4, (size_t)(bytecode_end - bytecode) - 4, length);
  if (!unpacked) return without_memory();
  JSValue script = JS_ReadObject(context, unpacked, length, JS_READ_OBJ_BYTECODE);
  JSValue result = JS_IsException(script) ? script : JS_EvalFunction(context, script);
  if (!JS_IsException(result)) return 0;
  report(context);
  return 1;
}

static void report(JSContext *context) {
  JSValue error = JS_GetException(context);
  const char *message = JS_ToCString(context, error);
  /* Where there is no memory for an error either, the engine throws null, and less; for a pattern it is a SyntaxError. */
  if (!JS_IsObject(error) || !message || strcmp(message, "InternalError: out of memory") == 0 ||
      strcmp(message, "SyntaxError: out of memory") == 0) {
    without_memory();
    return;
  }
  JSValue stack = JS_GetPropertyStr(context, error, "stack");
  const char *frames = JS_IsUndefined(stack) ? NULL : JS_ToCString(context, stack);
  const char *parts[] = {"anyarch: ", message, "\n", frames ? frames : ""};
  for (int index = 0; index < countof(parts); index += 1) write(2, parts[index], strlen(parts[index]));
}

/* As src/entrypoint/program.ts says it, where the script cannot even be started. */
static int without_memory(void) {
  static const char text[] = "anyarch: allocate memory: ENOMEM [ANYARCH_FILE]\n  next: free some memory, then repeat the command\n";
  write(2, text, sizeof text - 1);
  return 1;
}
