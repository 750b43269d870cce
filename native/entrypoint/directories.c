/* Directories, and what their entries are. */
#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "kernel.h"

static JSValue make_directory(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  const char *path = text_of(context, arguments[0]);
  if (!path) return JS_EXCEPTION;
  JSValue result = done(context, mkdir(path, (mode_t)integer_of(context, arguments[1])));
  JS_FreeCString(context, path);
  return result;
}

/* In the kernel's order, which says which entry of binfmt_misc is the newest. */
static JSValue list(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  const char *path = text_of(context, arguments[0]);
  if (!path) return JS_EXCEPTION;
  DIR *directory = opendir(path);
  int error = errno;
  JS_FreeCString(context, path);
  if (!directory) return throw_errno(context, error);
  JSValue names = JS_NewArray(context);
  uint32_t length = 0;
  for (;;) {
    errno = 0;
    const struct dirent *entry = readdir(directory);
    if (!entry) break;
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0) continue;
    JS_DefinePropertyValueUint32(context, names, length, JS_NewString(context, entry->d_name), JS_PROP_C_W_E);
    length += 1;
  }
  error = errno;
  closedir(directory);
  if (error == 0) return names;
  JS_FreeValue(context, names);
  return throw_errno(context, error);
}

static const char *kind_of(mode_t mode) {
  if (S_ISREG(mode)) return "file";
  if (S_ISDIR(mode)) return "directory";
  return S_ISLNK(mode) ? "link" : "other";
}

/* The shape of FileStatus in src/host/files.ts. */
static JSValue describe(JSContext *context, const struct stat *status) {
  JSValue result = JS_NewObject(context);
  double modified = (double)status->st_mtim.tv_sec * 1e3 + (double)status->st_mtim.tv_nsec / 1e6;
  JS_SetPropertyStr(context, result, "kind", JS_NewString(context, kind_of(status->st_mode)));
  JS_SetPropertyStr(context, result, "size", JS_NewInt64(context, (int64_t)status->st_size));
  JS_SetPropertyStr(context, result, "mode", JS_NewInt32(context, (int32_t)(status->st_mode & 07777)));
  JS_SetPropertyStr(context, result, "uid", JS_NewInt64(context, status->st_uid));
  JS_SetPropertyStr(context, result, "gid", JS_NewInt64(context, status->st_gid));
  JS_SetPropertyStr(context, result, "inode", JS_NewFloat64(context, (double)status->st_ino));
  JS_SetPropertyStr(context, result, "modifiedMs", JS_NewFloat64(context, modified));
  return result;
}

static JSValue status_by(JSContext *context, JSValueConst value, int (*call)(const char *, struct stat *)) {
  const char *path = text_of(context, value);
  if (!path) return JS_EXCEPTION;
  struct stat status;
  int result = call(path, &status);
  int error = errno;
  JS_FreeCString(context, path);
  return result < 0 ? throw_errno(context, error) : describe(context, &status);
}

static JSValue status(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return status_by(context, arguments[0], stat);
}

static JSValue link_status(JSContext *context, JSValueConst this, int count, JSValueConst *arguments) {
  return status_by(context, arguments[0], lstat);
}

static const JSCFunctionListEntry calls[] = {
    JS_CFUNC_DEF("makeDirectory", 2, make_directory),
    JS_CFUNC_DEF("list", 1, list),
    JS_CFUNC_DEF("status", 1, status),
    JS_CFUNC_DEF("linkStatus", 1, link_status),
};

void add_directory_calls(JSContext *context, JSValueConst kernel) {
  JS_SetPropertyFunctionList(context, kernel, calls, countof(calls));
}
