/* What files contain. */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <unistd.h>

#include "kernel.h"
#include "sha256.h"

/* One read(2), or pread(2) where an offset is given. */
static JSValue read_(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  int descriptor = integer_of(context, arguments[0]);
  int64_t length = 0, offset = -1;
  JS_ToInt64(context, &length, arguments[1]);
  if (!JS_IsUndefined(arguments[2])) JS_ToInt64(context, &offset, arguments[2]);
  uint8_t *buffer = malloc(length > 0 ? (size_t)length : 1);
  if (!buffer) return JS_ThrowOutOfMemory(context);
  ssize_t got;
  do {
    got = offset < 0 ? read(descriptor, buffer, (size_t)length)
                     : pread(descriptor, buffer, (size_t)length, (off_t)offset);
  } while (got < 0 && errno == EINTR);
  JSValue result = got < 0 ? throw_errno(context, errno) : new_bytes(context, buffer, (size_t)got);
  free(buffer);
  return result;
}

/* ONE write(2): the kernel parses each write to a control file by itself. */
static JSValue write_once(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  int descriptor = integer_of(context, arguments[0]);
  struct bytes bytes;
  if (!bytes_of(context, arguments[1], &bytes)) return JS_EXCEPTION;
  ssize_t written = write(descriptor, bytes.data, bytes.length);
  int error = errno;
  free_bytes(context, &bytes);
  return written < 0 ? throw_errno(context, error) : JS_NewInt64(context, written);
}

/* Everything, also to a full pipe that somebody made non-blocking. */
static JSValue write_all(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  int descriptor = integer_of(context, arguments[0]);
  struct bytes bytes;
  if (!bytes_of(context, arguments[1], &bytes)) return JS_EXCEPTION;
  int error = 0;
  for (size_t offset = 0; offset < bytes.length && error == 0;) {
    ssize_t written = write(descriptor, bytes.data + offset, bytes.length - offset);
    if (written >= 0) {
      offset += (size_t)written;
    } else if (errno == EAGAIN) {
      struct pollfd wanted = {.fd = descriptor, .events = POLLOUT};
      poll(&wanted, 1, -1);
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  free_bytes(context, &bytes);
  return error == 0 ? JS_UNDEFINED : throw_errno(context, error);
}

/* Of what is left to read, as lower-case hexadecimal. */
static JSValue sha256(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  int descriptor = integer_of(context, arguments[0]);
  enum { chunk = 1 << 18 };
  uint8_t *buffer = malloc(chunk);
  if (!buffer) return JS_ThrowOutOfMemory(context);
  struct sha256 hash;
  sha256_start(&hash);
  ssize_t got;
  do {
    got = read(descriptor, buffer, chunk);
    if (got > 0) sha256_add(&hash, buffer, (size_t)got);
  } while (got > 0 || (got < 0 && errno == EINTR));
  int error = errno;
  free(buffer);
  if (got < 0) return throw_errno(context, error);
  char digest[SHA256_HEX];
  sha256_end(&hash, digest);
  return JS_NewStringLen(context, digest, sizeof digest);
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("read", 3, read_),
    JS_CFUNC_DEF("writeOnce", 2, write_once),
    JS_CFUNC_DEF("writeAll", 2, write_all),
    JS_CFUNC_DEF("sha256", 1, sha256),
};

void add_content_calls(JSContext *context, JSValueConst kernel) {
  JS_SetPropertyFunctionList(context, kernel, calls, countof(calls));
}
