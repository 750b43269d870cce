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
  return line.start == line.end && equals_hex(word, sum);
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
  } else if (sys_statx(recipe, &facts) != 0 || (facts.mode & S_IFMT) != S_IFREG || facts.size > RECIPE_SIZE) {
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
  if (equals_hex(hash, attempt->hash)) return true;
  refuse(attempt, RANK_CONTENT, "content", hash);
  return false;
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
