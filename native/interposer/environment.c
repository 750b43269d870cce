/* Conditions that hold for all recipes. */
#include "attempt.h"
#include "kernel.h"

/* What the loader or the C library acts upon, and QEMU's own: the native program would not do the same. */
static const char prefixes[] = "LD_\0MALLOC_\0QEMU_\0";
static const char names[] = "GCONV_PATH=\0GLIBC_TUNABLES=\0LOCPATH=\0";
/* Read by linkers, not by loaders. */
static const char allowed[] = "LD_RUN_PATH=\0";

static bool is_codeset(const char *text, const char *name) {
  for (; *name; text++, name++) {
    char letter = *text >= 'A' && *text <= 'Z' ? (char)(*text + 'a' - 'A') : *text;
    if (letter != *name) return false;
  }
  return *text == 0 || *text == '@';
}

/*
 * In others the native C library may know other characters than the guest's. Compiled locales are in the byte order of the
 * architecture: where that is another, only the built-in ones are the same.
 */
static bool is_known_locale(const char *value, bool big_endian) {
  if (same(value, "C") || same(value, "POSIX")) return true;
  if (big_endian) return false;
  const char *at = value;
  while (*at && *at != '.' && *at != '/') at++;
  return *at == '.' && (is_codeset(at + 1, "utf-8") || is_codeset(at + 1, "utf8"));
}

static struct span name_of(const char *variable) {
  const char *end = variable;
  while (*end && *end != '=') end++;
  return (struct span){variable, end};
}

static bool locale_is_known(struct attempt *attempt, bool big_endian) {
  const char *all = variable(attempt->start, "LC_ALL");
  bool only_all = all && *all;
  for (char **at = attempt->start->variables; *at; at++) {
    bool counts = only_all ? begins(*at, "LC_ALL=") : begins(*at, "LC_") || begins(*at, "LANG=");
    if (!counts) continue;
    const char *value = name_of(*at).end;
    if (value[0] == 0 || value[1] == 0 || is_known_locale(value + 1, big_endian)) continue;
    refuse(attempt, RANK_END, "locale", (struct span){*at, *at + length_of(*at)});
    return false;
  }
  return true;
}

bool environment_allows(struct attempt *attempt, bool big_endian) {
  for (char **at = attempt->start->variables; *at; at++) {
    bool counts = in_list(prefixes, *at, false) || in_list(names, *at, false);
    if (!counts || in_list(allowed, *at, false)) continue;
    refuse(attempt, RANK_END, "variable", name_of(*at));
    return false;
  }
  if (!locale_is_known(attempt, big_endian)) return false;
  /* QEMU shows other files there: native programs would see them by relative paths. */
  if (may_be_on_procfs(".")) {
    refuse_for(attempt, "path", ".");
    return false;
  }
  struct statx preload;
  long found = sys_statx_of("/etc/ld.so.preload", true, &preload);
  if (found == -ENOENT || found == -ENOTDIR) return true;
  if (found == 0 && (preload.mode & S_IFMT) == S_IFREG && preload.size == 0) return true;
  refuse_for(attempt, "preload", "/etc/ld.so.preload");
  return false;
}
