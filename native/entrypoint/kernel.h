/* Shared by the primitives of `kernel`. Their declarations for JavaScript: src/host/quickjs/kernel.ts */
#ifndef KERNEL_H
#define KERNEL_H

#include <quickjs.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define countof(array) ((int)(sizeof(array) / sizeof(*(array))))

/* Each adds its functions to the object. */
void add_file_calls(JSContext *context, JSValueConst kernel);
void add_content_calls(JSContext *context, JSValueConst kernel);
void add_directory_calls(JSContext *context, JSValueConst kernel);
void add_process_calls(JSContext *context, JSValueConst kernel);
void add_clock_calls(JSContext *context, JSValueConst kernel);
void add_run_call(JSContext *context, JSValueConst kernel);
void add_execute_call(JSContext *context, JSValueConst kernel);

/* For `kernel.words`. */
void remember_words(int count, char **words);

/* errno.c: the symbol of an error number, "ENOENT"; NULL for an unknown one. */
const char *errno_name(int error);

/* values.c */

/* Throws { errno: "ENOENT" }. */
JSValue throw_errno(JSContext *context, int error);
/* The symbol as a JavaScript string; "E999" for an unknown number. */
JSValue errno_value(JSContext *context, int error);
/* undefined, or the error of a call that returned -1. */
JSValue done(JSContext *context, int result);

/* A string for the kernel, to be freed with JS_FreeCString; NULL with an exception when it has a NUL. */
const char *text_of(JSContext *context, JSValueConst value);

/* The bytes of a Uint8Array, or those of a string as UTF-8. */
struct bytes {
  const uint8_t *data;
  size_t length;
  const char *text; /* what to free; NULL for a Uint8Array */
};
/* false with an exception. */
bool bytes_of(JSContext *context, JSValueConst value, struct bytes *bytes);
void free_bytes(JSContext *context, struct bytes *bytes);

/* A Uint8Array with a copy. */
JSValue new_bytes(JSContext *context, const uint8_t *data, size_t length);

/* An array of strings as a vector that ends with NULL; NULL with an exception. */
char **vector_of(JSContext *context, JSValueConst array);
void free_vector(char **vector);

int integer_of(JSContext *context, JSValueConst value);

#endif
