/* Runs on the build machine: compile SCRIPT BYTECODE */
#include <quickjs.h>
#include <stdio.h>
#include <stdlib.h>

static char *read_file(const char *path, size_t *length);

int main(int count, char **words) {
  if (count != 3) {
    fprintf(stderr, "usage: %s SCRIPT BYTECODE\n", words[0]);
    return 2;
  }
  size_t source_length, length;
  char *source = read_file(words[1], &source_length);
  JSRuntime *runtime = JS_NewRuntime();
  JS_SetStripInfo(runtime, JS_STRIP_DEBUG);
  JSContext *context = JS_NewContext(runtime);
  int flags = JS_EVAL_TYPE_GLOBAL | JS_EVAL_FLAG_STRICT | JS_EVAL_FLAG_COMPILE_ONLY;
  /* The name is no path, so that the bytecode is the same wherever it is made. */
  JSValue compiled = JS_Eval(context, source, source_length, "anyarch", flags);
  if (JS_IsException(compiled)) {
    const char *message = JS_ToCString(context, JS_GetException(context));
    fprintf(stderr, "%s: %s\n", words[1], message);
    return 1;
  }
  uint8_t *bytecode = JS_WriteObject(context, &length, compiled, JS_WRITE_OBJ_BYTECODE);
  FILE *file = bytecode ? fopen(words[2], "wb") : NULL;
  if (!file || fwrite(bytecode, 1, length, file) != length || fclose(file) != 0) {
    perror(words[2]);
    return 1;
  }
  return 0;
}

static char *read_file(const char *path, size_t *length) {
  FILE *file = fopen(path, "rb");
  if (!file || fseek(file, 0, SEEK_END) != 0) {
    perror(path);
    exit(1);
  }
  *length = (size_t)ftell(file);
  rewind(file);
  /* JS_Eval wants a NUL behind the source. */
  char *content = calloc(*length + 1, 1);
  if (!content || fread(content, 1, *length, file) != *length) {
    perror(path);
    exit(1);
  }
  fclose(file);
  return content;
}
