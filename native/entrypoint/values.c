#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel.h"

static void replace_surrogates(char *text, size_t length);

JSValue errno_value(JSContext *context, int error) {
  const char *name = errno_name(error);
  char number[16];
  snprintf(number, sizeof number, "E%d", error);
  return JS_NewString(context, name ? name : number);
}

JSValue throw_errno(JSContext *context, int error) {
  JSValue thrown = JS_NewObject(context);
  JS_SetPropertyStr(context, thrown, "errno", errno_value(context, error));
  return JS_Throw(context, thrown);
}

JSValue done(JSContext *context, int result) {
  return result < 0 ? throw_errno(context, errno) : JS_UNDEFINED;
}

const char *text_of(JSContext *context, JSValueConst value) {
  size_t length;
  const char *text = JS_ToCStringLen(context, &length, value);
  if (!text) return NULL;
  if (strlen(text) == length) {
    replace_surrogates((char *)text, length);
    return text;
  }
  JS_FreeCString(context, text);
  JS_ThrowTypeError(context, "a string for the kernel contains a NUL");
  return NULL;
}

bool bytes_of(JSContext *context, JSValueConst value, struct bytes *bytes) {
  bytes->text = NULL;
  if (JS_IsString(value)) {
    bytes->text = JS_ToCStringLen(context, &bytes->length, value);
    if (!bytes->text) return false;
    replace_surrogates((char *)bytes->text, bytes->length);
    bytes->data = (const uint8_t *)bytes->text;
    return true;
  }
  size_t offset, length, whole;
  JSValue buffer = JS_GetTypedArrayBuffer(context, value, &offset, &length, NULL);
  if (JS_IsException(buffer)) return false;
  /* The caller's array keeps the buffer alive. */
  const uint8_t *start = JS_GetArrayBuffer(context, &whole, buffer);
  JS_FreeValue(context, buffer);
  if (!start && length > 0) return false;
  bytes->data = start ? start + offset : (const uint8_t *)"";
  bytes->length = length;
  return true;
}

void free_bytes(JSContext *context, struct bytes *bytes) {
  if (bytes->text) JS_FreeCString(context, bytes->text);
}

JSValue new_bytes(JSContext *context, const uint8_t *data, size_t length) {
  JSValue buffer = JS_NewArrayBufferCopy(context, data, length);
  if (JS_IsException(buffer)) return buffer;
  /* The constructor reads three arguments, however few it is given. */
  JSValueConst arguments[] = {buffer, JS_UNDEFINED, JS_UNDEFINED};
  JSValue array = JS_NewTypedArray(context, 3, arguments, JS_TYPED_ARRAY_UINT8);
  JS_FreeValue(context, buffer);
  return array;
}

char **vector_of(JSContext *context, JSValueConst array) {
  JSValue length = JS_GetPropertyStr(context, array, "length");
  uint32_t count = (uint32_t)integer_of(context, length);
  char **vector = calloc((size_t)count + 1, sizeof *vector);
  for (uint32_t index = 0; vector && index < count; index += 1) {
    JSValue item = JS_GetPropertyUint32(context, array, index);
    const char *text = text_of(context, item);
    JS_FreeValue(context, item);
    vector[index] = text ? strdup(text) : NULL;
    if (text) JS_FreeCString(context, text);
    if (!vector[index]) {
      free_vector(vector);
      return NULL;
    }
  }
  return vector;
}

void free_vector(char **vector) {
  if (!vector) return;
  for (char **item = vector; *item; item += 1) free(*item);
  free(vector);
}

int integer_of(JSContext *context, JSValueConst value) {
  int32_t number = 0;
  JS_ToInt32(context, &number, value);
  return number;
}

/* The engine writes a lone surrogate as three bytes that are no UTF-8; U+FFFD has three, too. */
static void replace_surrogates(char *text, size_t length) {
  uint8_t *bytes = (uint8_t *)text;
  for (size_t index = 0; index + 2 < length; index += 1) {
    if (bytes[index] == 0xed && bytes[index + 1] >= 0xa0) memcpy(bytes + index, "\xef\xbf\xbd", 3);
  }
}
