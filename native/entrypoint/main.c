/* The image's program: evaluates the JavaScript that is linked in, with `kernel` as its only way to the outside. */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"
#include "unpack.h"

/* bytecode.S: the length of the bytecode as four bytes, the lowest first; then one block of LZ4. */
extern const uint8_t bytecode[];
extern const uint8_t bytecode_end[];

static JSContext *new_context(JSRuntime *runtime);
static void add_kernel(JSContext *context);
static int evaluate(JSContext *context);
static void report(JSContext *context);

int main(int count, char **words) {
  remember_words(count, words);
  /* A reader that has gone is told by EPIPE. SIGCHLD must not be ignored, whatever our parent did: nothing could be
     waited for. Everything else keeps its default, so that every signal ends us at once. */
  signal(SIGPIPE, SIG_IGN);
  signal(SIGCHLD, SIG_DFL);

  JSRuntime *runtime = JS_NewRuntime();
  if (!runtime) abort();
  /* Bytes: a run that ends within milliseconds need not look for garbage. */
  JS_SetGCThreshold(runtime, 16 << 20);
  JSContext *context = new_context(runtime);
  if (!context) abort();
  add_kernel(context);
  /* The process ends here: nothing is gained by freeing what it has. */
  return evaluate(context);
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
  if (!unpacked) abort();
  JSValue script = JS_ReadObject(context, unpacked, length, JS_READ_OBJ_BYTECODE);
  JSValue result = JS_IsException(script) ? script : JS_EvalFunction(context, script);
  if (!JS_IsException(result)) return 0;
  report(context);
  return 1;
}

static void report(JSContext *context) {
  JSValue error = JS_GetException(context);
  const char *message = JS_ToCString(context, error);
  JSValue stack = JS_GetPropertyStr(context, error, "stack");
  const char *frames = JS_IsUndefined(stack) ? NULL : JS_ToCString(context, stack);
  const char *parts[] = {"anyarch: ", message ? message : "an error that cannot be shown", "\n", frames ? frames : ""};
  for (int index = 0; index < countof(parts); index += 1) write(2, parts[index], strlen(parts[index]));
}
