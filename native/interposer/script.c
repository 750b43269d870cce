/* What a shell is to do: the text behind -c, or a file. */
#include "attempt.h"
#include "kernel.h"
#include "words.h"

enum { LARGEST_SCRIPT = 4 << 20 };

/* Options that change nothing about where commands come from. */
static const char harmless[] = "abCefmnuvx";

static bool is_one_of(const char *letters, char letter) {
  while (*letters && *letters != letter) letters++;
  return letter && *letters;
}

/* The word that is the script or its path, as dash finds it (src/options.c); NULL when it is neither. */
static const char *script_word(const struct start *start, bool *is_text) {
  uint64_t index = 1;
  *is_text = false;
  while (index < start->guest_count) {
    const char *word = start->guest[index];
    if (word[0] != '-' && word[0] != '+') break;
    index++;
    if (same(word, "-") || same(word, "--")) break;
    for (const char *letter = word + 1; *letter; letter++) {
      if (*letter == 'c') {
        *is_text = true;
      } else if (*letter == 'o') {
        /* `interactive` and `stdin` are as -i and -s. */
        if (index == start->guest_count || is_one_of("is", start->guest[index][0])) return NULL;
        index++;
      } else if (!is_one_of(harmless, *letter)) {
        return NULL;
      }
    }
  }
  return index < start->guest_count ? start->guest[index] : NULL;
}

/* Whether the word, with its escapes solved, is anywhere in the text. What is too long to look for counts as found. */
bool lies_in(struct attempt *attempt, const char *text, size_t size, struct span word) {
  const char *wanted = attempt->room->path, *end = text + size;
  if (!decode_into(word, attempt->room->path, PATH_SIZE)) return true;
  size_t length = length_of(wanted);
  for (; (size_t)(end - text) >= length; text++) {
    if (*text != *wanted) continue;
    size_t equal = 1;
    while (equal < length && text[equal] == wanted[equal]) equal++;
    if (equal == length) return true;
  }
  return false;
}

/* False also when nobody can say what the shell is to do. */
bool script_lacks(struct attempt *attempt, struct span word) {
  struct whole *script = &attempt->script;
  bool is_text;
  const char *wanted = script_word(attempt->start, &is_text);
  if (!wanted) return false;
  if (is_text) return !lies_in(attempt, wanted, length_of(wanted), word);
  if (!script->known) read_whole(wanted, LARGEST_SCRIPT, script);
  return script->start && !lies_in(attempt, script->start, script->size, word);
}
