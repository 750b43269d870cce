/* Descriptors and names of files. Every descriptor is closed on exec. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "kernel.h"

static JSValue open_with(JSContext *context, JSValueConst path_value, int flags, mode_t mode) {
  const char *path = text_of(context, path_value);
  if (!path) return JS_EXCEPTION;
  int descriptor = open(path, flags | O_CLOEXEC, mode);
  int error = errno;
  JS_FreeCString(context, path);
  return descriptor < 0 ? throw_errno(context, error) : JS_NewInt32(context, descriptor);
}

static JSValue open_to_read(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return open_with(context, arguments[0], O_RDONLY, 0);
}

static JSValue open_to_write(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return open_with(context, arguments[0], O_WRONLY, 0);
}

static JSValue create(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  mode_t mode = (mode_t)integer_of(context, arguments[1]);
  return open_with(context, arguments[0], O_WRONLY | O_CREAT | O_EXCL, mode);
}

/* Without O_DIRECTORY this does not trigger an autofs. */
static JSValue locate(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return open_with(context, arguments[0], O_PATH, 0);
}

static JSValue close_(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return done(context, close(integer_of(context, arguments[0])));
}

static JSValue chmod_(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return done(context, fchmod(integer_of(context, arguments[0]), (mode_t)integer_of(context, arguments[1])));
}

static JSValue synchronize(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return done(context, fsync(integer_of(context, arguments[0])));
}

static JSValue try_lock(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  int kind = JS_ToBool(context, arguments[1]) ? LOCK_SH : LOCK_EX;
  if (flock(integer_of(context, arguments[0]), kind | LOCK_NB) == 0) return JS_TRUE;
  return errno == EWOULDBLOCK ? JS_FALSE : throw_errno(context, errno);
}

static JSValue file_system_type(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  struct statfs status;
  if (fstatfs(integer_of(context, arguments[0]), &status) < 0) return throw_errno(context, errno);
  /* f_type is a signed word on some machines. */
  return JS_NewInt64(context, (uint32_t)status.f_type);
}

static JSValue with_path(JSContext *context, JSValueConst value, int (*call)(const char *)) {
  const char *path = text_of(context, value);
  if (!path) return JS_EXCEPTION;
  JSValue result = done(context, call(path));
  JS_FreeCString(context, path);
  return result;
}

static JSValue unlink_(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return with_path(context, arguments[0], unlink);
}

static JSValue remove_directory(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return with_path(context, arguments[0], rmdir);
}

static int may_execute(const char *path) { return access(path, X_OK); }

static JSValue check_execute(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return with_path(context, arguments[0], may_execute);
}

static JSValue with_paths(JSContext *context, JSValueConst *values, int (*call)(const char *, const char *)) {
  const char *first = text_of(context, values[0]);
  if (!first) return JS_EXCEPTION;
  const char *second = text_of(context, values[1]);
  JSValue result = second ? done(context, call(first, second)) : JS_EXCEPTION;
  JS_FreeCString(context, first);
  if (second) JS_FreeCString(context, second);
  return result;
}

static JSValue rename_(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return with_paths(context, arguments, rename);
}

static JSValue link_(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return with_paths(context, arguments, link);
}

static JSValue mount_(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  const char *source = text_of(context, arguments[0]);
  const char *target = source ? text_of(context, arguments[1]) : NULL;
  const char *type = target ? text_of(context, arguments[2]) : NULL;
  unsigned long flags = (unsigned long)integer_of(context, arguments[3]);
  JSValue result = type ? done(context, mount(source, target, type, flags, NULL)) : JS_EXCEPTION;
  if (source) JS_FreeCString(context, source);
  if (target) JS_FreeCString(context, target);
  if (type) JS_FreeCString(context, type);
  return result;
}

static JSValue real_path(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  const char *path = text_of(context, arguments[0]);
  if (!path) return JS_EXCEPTION;
  char resolved[PATH_MAX];
  const char *found = realpath(path, resolved);
  int error = errno;
  JS_FreeCString(context, path);
  return found ? JS_NewString(context, resolved) : throw_errno(context, error);
}

static JSValue read_link(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  const char *path = text_of(context, arguments[0]);
  if (!path) return JS_EXCEPTION;
  char target[PATH_MAX];
  ssize_t length = readlink(path, target, sizeof target);
  int error = errno;
  JS_FreeCString(context, path);
  return length < 0 ? throw_errno(context, error) : JS_NewStringLen(context, target, (size_t)length);
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("openToRead", 1, open_to_read),
    JS_CFUNC_DEF("openToWrite", 1, open_to_write),
    JS_CFUNC_DEF("create", 2, create),
    JS_CFUNC_DEF("locate", 1, locate),
    JS_CFUNC_DEF("close", 1, close_),
    JS_CFUNC_DEF("chmod", 2, chmod_),
    JS_CFUNC_DEF("synchronize", 1, synchronize),
    JS_CFUNC_DEF("tryLock", 1, try_lock),
    JS_CFUNC_DEF("fileSystemType", 1, file_system_type),
    JS_CFUNC_DEF("unlink", 1, unlink_),
    JS_CFUNC_DEF("removeDirectory", 1, remove_directory),
    JS_CFUNC_DEF("checkExecute", 1, check_execute),
    JS_CFUNC_DEF("rename", 2, rename_),
    JS_CFUNC_DEF("link", 2, link_),
    JS_CFUNC_DEF("mount", 4, mount_),
    JS_CFUNC_DEF("realPath", 1, real_path),
    JS_CFUNC_DEF("readLink", 1, read_link),
};

void add_file_calls(JSContext *context, JSValueConst kernel) {
  JS_SetPropertyFunctionList(context, kernel, calls, countof(calls));
}
