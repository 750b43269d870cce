#pragma once
/* The words of a recipe's lines. */

#include "basics.h"

#pragma GCC visibility push(hidden)

bool next_line(struct span *rest, struct span *line);
bool next_word(struct span *line, struct span *word);
bool is_word(struct span word, const char *text);
const char *after_word(const char *text, struct span word);
bool equals_word(const char *text, struct span word);
bool equals_hex(struct span word, uint64_t number);
size_t decode(struct span word, char *to);
bool decode_into(struct span word, char *to, size_t size);
bool decode_path(struct span word, char *to, size_t size);

#pragma GCC visibility pop
