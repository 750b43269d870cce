/* Conditions of a recipe. */
#include "attempt.h"
#include "kernel.h"
#include "words.h"

enum { LARGEST_HELD = 65536 };

static bool some_argument(struct attempt *attempt, struct span word, bool whole) {
  const struct start *start = attempt->start;
  for (uint64_t index = 1; index < start->guest_count; index++)
    if (whole ? equals_word(start->guest[index], word) : after_word(start->guest[index], word) != NULL) return true;
  return false;
}

/* What cannot be found out counts as if it were there. */
static bool is_there(const char *path) {
  long found = sys_faccessat(path, F_OK);
  return found != -ENOENT && found != -ENOTDIR;
}

static bool lacks(struct attempt *attempt, struct span path) {
  return decode_path(path, attempt->room->path, PATH_SIZE) && !is_there(attempt->room->path);
}

/* The path that the kernel has for the guest's program: by it programs and the loader find what lies beside them. */
static bool is_at(struct attempt *attempt, struct span path) {
  static const char directory[] = "/proc/self/fd/";
  char link[sizeof directory + 10], digits[10], *to = link;
  for (const char *from = directory; *from; from++) *to++ = *from;
  size_t count = 0;
  for (uint32_t number = (uint32_t)attempt->guest; count == 0 || number > 0; number /= 10)
    digits[count++] = (char)('0' + number % 10);
  while (count > 0) *to++ = digits[--count];
  *to = 0;
  char *real = attempt->room->path;
  if (!may_be_on_procfs(directory)) return false;
  long length = sys_readlink(link, real, PATH_SIZE - 1);
  if (length <= 0) return false;
  real[length] = 0;
  return equals_word(real, path);
}

/* Whether a path, where it is there at all, leads to the same file as the other. */
static bool is_same_file(struct attempt *attempt, struct span path, struct span other) {
  struct statx facts, expected;
  if (!decode_path(path, attempt->room->path, PATH_SIZE)) return false;
  long result = sys_statx_of(attempt->room->path, true, &facts);
  if (result == -ENOENT || result == -ENOTDIR) return true;
  return result == 0 && decode_path(other, attempt->room->path, PATH_SIZE) &&
         sys_statx_of(attempt->room->path, true, &expected) == 0 && facts.inode == expected.inode &&
         facts.device == expected.device;
}

static bool is_set(struct attempt *attempt, struct span name) {
  for (char **at = attempt->start->variables; *at; at++) {
    const char *rest = after_word(*at, name);
    if (rest && rest[0] == '=' && rest[1] != 0) return true;
  }
  return false;
}

/* Whether one line of that name in the alternative has a word that one of these is equal to. */
static bool is_one_of_them(struct span alternative, const char *wanted, char *const *these, uint64_t count) {
  struct span line, name, word;
  while (next_line(&alternative, &line)) {
    if (!next_word(&line, &name) || !is_word(name, wanted) || !next_word(&line, &word)) continue;
    for (uint64_t index = 0; index < count; index++)
      if (equals_word(these[index], word)) return true;
  }
  return false;
}

static bool is_first(struct attempt *attempt, struct span alternative) {
  const struct start *start = attempt->start;
  return is_one_of_them(alternative, "first", start->guest + 1, start->guest_count > 1 ? 1 : 0);
}

static bool is_among(struct attempt *attempt, struct span alternative) {
  const struct start *start = attempt->start;
  return is_one_of_them(alternative, "anyarg", start->guest + 1, start->guest_count > 1 ? start->guest_count - 1 : 0);
}

/* By the last part of argv[0]. */
static bool is_called(struct attempt *attempt, struct span alternative) {
  if (attempt->start->guest_count == 0) return false;
  char *name = attempt->start->guest[0];
  for (char *at = name; *at; at++)
    if (*at == '/') name = at + 1;
  return is_one_of_them(alternative, "called", &name, 1);
}

/* Whether what an option names has a file beside it, of the same name with something behind. */
static bool has_sibling(struct attempt *attempt, struct span option, struct span suffix) {
  const struct start *start = attempt->start;
  char *path = attempt->room->path;
  for (uint64_t index = 1; index + 1 < start->guest_count; index++) {
    if (!equals_word(start->guest[index], option)) continue;
    const char *named = start->guest[index + 1];
    size_t length = length_of(named);
    if (length >= PATH_SIZE) return true;
    for (size_t at = 0; at < length; at++) path[at] = named[at];
    if (!decode_into(suffix, path + length, PATH_SIZE - length) || is_there(path)) return true;
  }
  return false;
}

static bool are_equal(struct span a, struct span b) {
  while (a.start < a.end && b.start < b.end && *a.start == *b.start) a.start++, b.start++;
  return a.start == a.end && b.start == b.end;
}

/* Lines about the same file mostly follow each other: it is read once. */
static bool file_holds(struct attempt *attempt, struct span path, struct span word) {
  struct whole *held = &attempt->held;
  if (!held->known || !are_equal(attempt->held_path, path)) {
    forget(held);
    if (!decode_path(path, attempt->room->path, PATH_SIZE)) return true;
    read_whole(attempt->room->path, LARGEST_HELD, held);
    attempt->held_path = path;
  }
  if (!held->start) return held->error != -ENOENT && held->error != -ENOTDIR;
  return lies_in(attempt, held->start, held->size, word);
}

static bool contained(struct attempt *attempt, struct span word) {
  const struct start *start = attempt->start;
  for (uint64_t index = 1; index < start->guest_count; index++)
    if (lies_in(attempt, start->guest[index], length_of(start->guest[index]), word)) return true;
  return false;
}

/* Whether a file of the tree is what it was when its digest was last verified: nobody can set the time of its last change. */
static bool is_unchanged(struct attempt *attempt, struct span path, struct span size, struct span time) {
  bool good = true;
  uint64_t bytes = number_in(size, &good), changed = number_in(time, &good);
  struct statx facts;
  return good && decode_path(path, attempt->room->path, PATH_SIZE) &&
         sys_statx_of(attempt->room->path, false, &facts) == 0 && (facts.mode & S_IFMT) == S_IFREG &&
         facts.size == bytes &&
         (uint64_t)facts.changed.seconds * 1000000000 + facts.changed.nanoseconds == changed;
}

/* NULL when the line is no hindrance, "" when it is not understood, otherwise the reason. */
static const char *hindrance(struct attempt *attempt, struct span alternative, struct span name, struct span line) {
  struct span first, second, third, fourth;
  if (!next_word(&line, &first)) return "";
  if (is_word(name, "lib")) {
    if (!next_word(&line, &second) || !next_word(&line, &third) || !next_word(&line, &fourth)) return "";
    if (line.start != line.end) return "";
    return has_library(attempt, first, second, third, fourth) ? NULL : "library";
  }
  if (is_word(name, "native")) {
    if (!next_word(&line, &second) || !next_word(&line, &third) || line.start != line.end) return "";
    return is_unchanged(attempt, first, second, third) ? NULL : "tree";
  }
  if (is_word(name, "map") || is_word(name, "sibling") || is_word(name, "holds") || is_word(name, "same")) {
    if (!next_word(&line, &second) || line.start != line.end) return "";
    if (is_word(name, "sibling")) return has_sibling(attempt, first, second) ? "path" : NULL;
    if (is_word(name, "same")) return is_same_file(attempt, first, second) ? NULL : "library";
    if (is_word(name, "holds")) return file_holds(attempt, first, second) ? "path" : NULL;
    return NULL;
  }
  if (line.start != line.end) return "";
  if (is_word(name, "at")) return is_at(attempt, first) ? NULL : "path";
  if (is_word(name, "called")) return is_called(attempt, alternative) ? NULL : "argument";
  if (is_word(name, "first")) return is_first(attempt, alternative) ? NULL : "argument";
  if (is_word(name, "anyarg")) return is_among(attempt, alternative) ? NULL : "argument";
  if (is_word(name, "bail")) return some_argument(attempt, first, false) ? "argument" : NULL;
  if (is_word(name, "bailarg")) return some_argument(attempt, first, true) ? "argument" : NULL;
  if (is_word(name, "contains")) return contained(attempt, first) ? "argument" : NULL;
  if (is_word(name, "script")) return script_lacks(attempt, first) ? NULL : "script";
  if (is_word(name, "need")) return some_argument(attempt, first, false) ? NULL : "argument";
  if (is_word(name, "bailenv")) return is_set(attempt, first) ? "variable" : NULL;
  if (is_word(name, "needenv")) return is_set(attempt, first) ? NULL : "variable";
  if (is_word(name, "unless")) return lacks(attempt, first) ? NULL : "path";
  return is_word(name, "insert") || is_word(name, "arg0") ? NULL : "";
}

bool all_hold(struct attempt *attempt, struct span alternative) {
  struct span rest = alternative, line, name;
  while (next_line(&rest, &line)) {
    struct span words = line;
    const char *reason = next_word(&words, &name) ? hindrance(attempt, alternative, name, words) : "";
    if (!reason) continue;
    if (*reason) refuse(attempt, RANK_CONDITION, reason, words);
    else refuse(attempt, RANK_END, "recipe", line);
    return false;
  }
  return true;
}
