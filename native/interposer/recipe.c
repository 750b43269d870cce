/* Recipes: docs/interposer.md has the grammar. */
#include "attempt.h"
#include "kernel.h"
#include "words.h"

/* FNV-1a with 64 bits, as src/core/recipe/check-sum.ts has it. */
static bool has_its_sum(struct span text, struct span line) {
  uint64_t sum = 0xcbf29ce484222325;
  for (const char *at = text.start; at < line.start; at++) sum = (sum ^ (unsigned char)*at) * 0x100000001b3;
  struct span word;
  if (!next_word(&line, &word) || !is_word(word, "sum") || !next_word(&line, &word)) return false;
  if (word.end - word.start != 16 || line.start != line.end) return false;
  for (int shift = 60; shift >= 0; shift -= 4) {
    int value = (int)(sum >> shift & 15);
    if (*word.start++ != (char)(value < 10 ? '0' + value : 'a' + value - 10)) return false;
  }
  return true;
}

/* Takes first and last line away when they are right. */
static bool strip(struct span *text) {
  if (text->end == text->start || text->end[-1] != '\n') return false;
  struct span last = {text->end - 1, text->end - 1};
  while (last.start > text->start && last.start[-1] != '\n') last.start--;
  if (!has_its_sum(*text, last)) return false;
  text->end = last.start;
  struct span line, word;
  return next_line(text, &line) && next_word(&line, &word) && is_word(word, "anyarch-recipe") &&
         next_word(&line, &word) && is_word(word, "1") && line.start == line.end;
}

bool read_recipe(struct attempt *attempt, int directory, struct span *text) {
  struct room *room = attempt->room;
  long opened = sys_openat(directory, room->name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
  if (opened < 0) {
    refuse_for(attempt, opened == -ENOENT ? "unknown" : "recipe", room->name);
    return false;
  }
  int recipe = (int)opened;
  struct statx facts;
  const char *reason = NULL;
  if (!on_read_only_mount(recipe)) {
    reason = "writable";
  } else if (sys_statx(recipe, "", &facts) != 0 || (facts.mode & S_IFMT) != S_IFREG || facts.size > RECIPE_SIZE) {
    reason = "recipe";
  } else {
    long size = sys_pread(recipe, room->recipe, RECIPE_SIZE, 0);
    *text = (struct span){room->recipe, room->recipe + (size > 0 ? size : 0)};
    if (size != (long)facts.size || !strip(text)) reason = "recipe";
  }
  sys_close(recipe);
  if (reason) refuse_for(attempt, reason, room->name);
  return !reason;
}

static bool is_the_guest(struct attempt *attempt, struct span line) {
  struct span size, hash;
  bool good = next_word(&line, &size) && next_word(&line, &hash) && line.start == line.end;
  uint64_t bytes = good ? number_in(size, &good) : 0;
  if (!good || hash.end - hash.start != 16) {
    refuse_for(attempt, "recipe", "for");
    return false;
  }
  if (bytes != attempt->size) {
    refuse(attempt, RANK_SIZE, "size", size);
    return false;
  }
  if (!attempt->hashed) {
    attempt->hashed = xxh64_of_file(attempt->guest, attempt->size, attempt->room->content, &attempt->hash);
    if (!attempt->hashed) {
      refuse(attempt, RANK_CONTENT, "content", hash);
      return false;
    }
  }
  for (int index = 0; index < 16; index++) {
    int value = (int)(attempt->hash >> (60 - 4 * index) & 15);
    if (hash.start[index] == (char)(value < 10 ? '0' + value : 'a' + value - 10)) continue;
    refuse(attempt, RANK_CONTENT, "content", hash);
    return false;
  }
  return true;
}

static bool some_argument(struct attempt *attempt, struct span word, bool whole) {
  const struct start *start = attempt->start;
  for (uint64_t index = 1; index < start->guest_count; index++)
    if (whole ? equals_word(start->guest[index], word) : after_word(start->guest[index], word) != NULL) return true;
  return false;
}

static bool has_library(struct attempt *attempt, struct span path, struct span size, struct span build_id) {
  struct room *room = attempt->room;
  bool good = true;
  uint64_t bytes = number_in(size, &good);
  if (!good || !decode_path(path, room->path, PATH_SIZE)) return false;
  long library = sys_openat(AT_FDCWD, room->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (library < 0) return false;
  struct statx facts;
  bool right = sys_statx((int)library, "", &facts) == 0 && (facts.mode & S_IFMT) == S_IFREG && facts.size == bytes &&
               build_id_of((int)library, room->elf, room->name) && is_word(build_id, room->name);
  sys_close((int)library);
  return right;
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

/* NULL when the line is no hindrance, "" when it is not understood, otherwise the reason. */
static const char *hindrance(struct attempt *attempt, struct span name, struct span line) {
  struct span first, second, third;
  if (!next_word(&line, &first)) return "";
  if (is_word(name, "lib")) {
    if (!next_word(&line, &second) || !next_word(&line, &third) || line.start != line.end) return "";
    return has_library(attempt, first, second, third) ? NULL : "library";
  }
  if (is_word(name, "map")) return next_word(&line, &second) && line.start == line.end ? NULL : "";
  if (line.start != line.end) return "";
  if (is_word(name, "bail")) return some_argument(attempt, first, false) ? "argument" : NULL;
  if (is_word(name, "bailarg")) return some_argument(attempt, first, true) ? "argument" : NULL;
  if (is_word(name, "need")) return some_argument(attempt, first, false) ? NULL : "argument";
  if (is_word(name, "bailenv")) return is_set(attempt, first) ? "variable" : NULL;
  if (is_word(name, "needenv")) return is_set(attempt, first) ? NULL : "variable";
  if (is_word(name, "unless")) return lacks(attempt, first) ? NULL : "path";
  return is_word(name, "insert") || is_word(name, "arg0") ? NULL : "";
}

static bool all_hold(struct attempt *attempt, struct span alternative) {
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

/* Executes the first alternative whose conditions all hold. */
void follow_recipe(struct attempt *attempt, struct span text) {
  struct span line, name;
  while (attempt->rank < RANK_END && next_line(&text, &line)) {
    if (!next_word(&line, &name) || !is_word(name, "for")) {
      refuse_for(attempt, "recipe", "for");
      return;
    }
    struct span conditions = {text.start, text.start};
    struct span path;
    for (bool found = false; !found;) {
      struct span last;
      conditions.end = text.start;
      if (!next_line(&text, &last)) {
        refuse_for(attempt, "recipe", "exec");
        return;
      }
      found = next_word(&last, &name) && is_word(name, "exec");
      path = last;
    }
    if (!is_the_guest(attempt, line) || !all_hold(attempt, conditions)) continue;
    struct span word;
    bool good = next_word(&path, &word) && path.start == path.end;
    if (good && decode_path(word, attempt->room->native, PATH_SIZE)) execute(attempt, conditions);
    refuse_for(attempt, "recipe", "exec");
  }
}
