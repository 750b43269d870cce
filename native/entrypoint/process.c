/* What this process is and where it runs. */
#include <errno.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "kernel.h"

extern char **environ;
static int word_count;
static char **own_words;

void remember_words(int count, char **words) {
  word_count = count;
  own_words = words;
}

static JSValue new_strings(JSContext *context, char **strings) {
  JSValue array = JS_NewArray(context);
  for (uint32_t index = 0; strings[index]; index += 1) {
    JS_DefinePropertyValueUint32(context, array, index, JS_NewString(context, strings[index]), JS_PROP_C_W_E);
  }
  return array;
}

/* Behind the program's own name. */
static JSValue words(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return new_strings(context, word_count == 0 ? own_words : own_words + 1);
}

static JSValue environment(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return new_strings(context, environ);
}

static JSValue identity(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  struct utsname name;
  if (uname(&name) < 0) return throw_errno(context, errno);
  JSValue result = JS_NewObject(context);
  JS_SetPropertyStr(context, result, "uid", JS_NewInt64(context, getuid()));
  JS_SetPropertyStr(context, result, "gid", JS_NewInt64(context, getgid()));
  JS_SetPropertyStr(context, result, "pid", JS_NewInt32(context, getpid()));
  JS_SetPropertyStr(context, result, "machine", JS_NewString(context, name.machine));
  JS_SetPropertyStr(context, result, "release", JS_NewString(context, name.release));
  return result;
}

static JSValue exit_(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  _exit(integer_of(context, arguments[0]));
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("words", 0, words),
    JS_CFUNC_DEF("environment", 0, environment),
    JS_CFUNC_DEF("identity", 0, identity),
    JS_CFUNC_DEF("exit", 1, exit_),
};

void add_process_calls(JSContext *context, JSValueConst kernel) {
  JS_SetPropertyFunctionList(context, kernel, calls, countof(calls));
}
