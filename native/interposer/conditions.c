/* Conditions of a recipe. */
#include "attempt.h"
#include "kernel.h"
#include "words.h"

static bool some_argument(struct attempt *attempt, struct span word, bool whole) {
  const struct start *start = attempt->start;
  for (uint64_t index = 1; index < start->guest_count; index++)
    if (whole ? equals_word(start->guest[index], word) : after_word(start->guest[index], word) != NULL) return true;
  return false;
}

/* Whether the guest has no such path. What cannot be found out counts as if it were there. */
static bool lacks(struct attempt *attempt, struct span path) {
  if (!decode_path(path, attempt->room->path, PATH_SIZE)) return false;
  long found = sys_faccessat(attempt->room->path, F_OK);
  return found == -ENOENT || found == -ENOTDIR;
}

static bool is_set(struct attempt *attempt, struct span name) {
  for (char **at = attempt->start->variables; *at; at++) {
    const char *rest = after_word(*at, name);
    if (rest && rest[0] == '=' && rest[1] != 0) return true;
  }
  return false;
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
static const char *hindrance(struct attempt *attempt, struct span name, struct span line) {
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
  if (is_word(name, "map")) return next_word(&line, &second) && line.start == line.end ? NULL : "";
  if (line.start != line.end) return "";
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
  struct span line, name;
  while (next_line(&alternative, &line)) {
    struct span words = line;
    const char *reason = next_word(&words, &name) ? hindrance(attempt, name, words) : "";
    if (!reason) continue;
    if (*reason) refuse(attempt, RANK_CONDITION, reason, words);
    else refuse(attempt, RANK_END, "recipe", line);
    return false;
  }
  return true;
}
