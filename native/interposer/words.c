#include "words.h"

/* A line without its line feed; false at the end. */
bool next_line(struct span *rest, struct span *line) {
  if (rest->start >= rest->end) return false;
  line->start = rest->start;
  while (rest->start < rest->end && *rest->start != '\n') rest->start++;
  line->end = rest->start;
  if (rest->start < rest->end) rest->start++;
  return true;
}

static int digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

/* False at the end, and for a word that src/core/recipe/word.ts would not take. */
bool next_word(struct span *line, struct span *word) {
  word->start = line->start;
  while (line->start < line->end && *line->start != ' ') {
    char character = *line->start;
    if (character < 0x21 || character > 0x7e) return false;
    if (character == '%') {
      if (line->end - line->start < 3 || digit(line->start[1]) < 0 || digit(line->start[2]) < 0) return false;
      if (line->start[1] == '0' && line->start[2] == '0') return false;
      line->start += 2;
    }
    line->start++;
  }
  word->end = line->start;
  if (line->start < line->end) line->start++;
  return word->end > word->start;
}

/* The next character of a word with its escapes solved. */
static char take(struct span *word) {
  if (*word->start != '%') return *word->start++;
  char character = (char)(digit(word->start[1]) * 16 + digit(word->start[2]));
  word->start += 3;
  return character;
}

bool is_word(struct span word, const char *text) {
  while (word.start < word.end && *text == *word.start) text++, word.start++;
  return word.start == word.end && !*text;
}

/* What follows in a text that begins with the word, or NULL. */
const char *after_word(const char *text, struct span word) {
  while (word.start < word.end)
    if (!*text || take(&word) != *text++) return NULL;
  return text;
}

bool equals_word(const char *text, struct span word) {
  const char *rest = after_word(text, word);
  return rest && !*rest;
}

/* Writes the word and a zero byte: at most as many bytes as the word has, and one. Returns how many. */
size_t decode(struct span word, char *to) {
  char *at = to;
  while (word.start < word.end) *at++ = take(&word);
  *at++ = 0;
  return (size_t)(at - to);
}

bool decode_into(struct span word, char *to, size_t size) {
  if ((size_t)(word.end - word.start) >= size) return false;
  decode(word, to);
  return true;
}

bool decode_path(struct span word, char *to, size_t size) { return decode_into(word, to, size) && to[0] == '/'; }

/* Whether the word is the number with its 16 hexadecimal digits. */
bool equals_hex(struct span word, uint64_t number) {
  if (word.end - word.start != 16) return false;
  for (int shift = 60; shift >= 0; shift -= 4) {
    int value = (int)(number >> shift & 15);
    if (*word.start++ != (char)(value < 10 ? '0' + value : 'a' + value - 10)) return false;
  }
  return true;
}
