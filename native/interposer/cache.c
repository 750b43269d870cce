/* Where the guest's loader finds libraries: /etc/ld.so.cache, as glibc writes it (sysdeps/generic/dl-cache.h). */
#include "attempt.h"
#include "kernel.h"

static const char magic[] = "glibc-ld.so.cache1.1";
/* Programs name the loader by its path. */
static const char loaders[] = "ld-linux\0ld64.so\0ld.so\0";

enum { LARGEST_CACHE = 1 << 20, HEADER = 48, COUNT = 20, ENTRY = 24, KEY = 4, VALUE = 8 };

static uint32_t number_at(const char *at, bool swapped) {
  uint32_t value = *(const uint32_t *)at;
  return swapped ? value << 24 | (value & 0xff00) << 8 | (value >> 8 & 0xff00) | value >> 24 : value;
}

/* /lib and /usr/lib are one directory. */
static const char *without_usr(const char *path) { return begins(path, "/usr/") ? path + 4 : path; }

static const char *base_name(const char *path) {
  const char *base = path;
  for (const char *at = path; *at; at++)
    if (*at == '/') base = at + 1;
  return base;
}

/* The cache is in the byte order of the guest. Only one of both gives a number of entries that fit. */
static bool count_entries(const struct whole *cache, bool *swapped, uint64_t *count) {
  if (cache->size < HEADER || !begins(cache->start, magic)) return false;
  for (int order = 0; order < 2; order++) {
    *swapped = order;
    *count = number_at(cache->start + COUNT, *swapped);
    if (HEADER + *count * ENTRY <= cache->size) return true;
  }
  return false;
}

/*
 * Whether the loader would take the library from this path. Other directories are preferred by the cache's order, by what the
 * processor can do (glibc-hwcaps), or are for programs of other kinds: which it would be is not decided here.
 */
bool is_searched_there(struct attempt *attempt, const char *path) {
  struct whole *cache = &attempt->cache;
  const char *name = base_name(path);
  if (in_list(loaders, name, false)) return true;
  if (!cache->known) read_whole("/etc/ld.so.cache", LARGEST_CACHE, cache);
  if (!cache->start) return cache->error == -ENOENT || cache->error == -ENOTDIR;
  bool swapped;
  uint64_t count;
  if (!count_entries(cache, &swapped, &count)) return false;
  for (const char *entry = cache->start + HEADER; count > 0; count--, entry += ENTRY) {
    uint32_t key = number_at(entry + KEY, swapped), value = number_at(entry + VALUE, swapped);
    if (key >= cache->size || value >= cache->size) return false;
    if (!same(cache->start + key, name)) continue;
    if (!same(without_usr(cache->start + value), without_usr(path))) return false;
  }
  return true;
}
