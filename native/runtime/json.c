#include "json.h"

#include <string.h>

/* Engines write six levels. */
#define DEEPEST 64

static bool next_is(const struct json *json, unsigned char character) {
  return json->at < json->end && *json->at == character;
}

static bool take(struct json *json, unsigned char character) {
  if (!next_is(json, character)) return false;
  json->at++;
  return true;
}

void json_space(struct json *json) {
  while (next_is(json, ' ') || next_is(json, '\t') || next_is(json, '\n') || next_is(json, '\r')) json->at++;
}

static bool word(struct json *json, const char *text) {
  size_t length = strlen(text);
  if ((size_t)(json->end - json->at) < length || memcmp(json->at, text, length) != 0) return false;
  json->at += length;
  return true;
}

static bool digits(struct json *json) {
  const unsigned char *start = json->at;
  while (json->at < json->end && *json->at >= '0' && *json->at <= '9') json->at++;
  return json->at > start;
}

static bool number(struct json *json) {
  take(json, '-');
  if (!take(json, '0') && !digits(json)) return false;
  if (take(json, '.') && !digits(json)) return false;
  if (!take(json, 'e') && !take(json, 'E')) return true;
  if (!take(json, '+')) take(json, '-');
  return digits(json);
}

/* Well-formed UTF-8 beyond ASCII, Table 3-7 of the Unicode standard. */
static bool utf8(struct json *json) {
  unsigned char first = *json->at++;
  unsigned char least = 0x80, most = 0xbf;
  int further;
  if (first >= 0xc2 && first <= 0xdf) further = 1;
  else if (first >= 0xe0 && first <= 0xef) further = 2;
  else if (first >= 0xf0 && first <= 0xf4) further = 3;
  else return false;
  if (first == 0xe0) least = 0xa0;
  if (first == 0xed) most = 0x9f;
  if (first == 0xf0) least = 0x90;
  if (first == 0xf4) most = 0x8f;
  for (; further > 0; further--) {
    if (json->at == json->end || *json->at < least || *json->at > most) return false;
    json->at++;
    least = 0x80;
    most = 0xbf;
  }
  return true;
}

static int hex_digit(unsigned char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return -1;
}

static bool escape(struct json *json) {
  if (json->at == json->end) return false;
  unsigned char character = *json->at++;
  if (character != 'u') return character != '\0' && strchr("\"\\/bfnrt", character) != NULL;
  for (int count = 0; count < 4; count++)
    if (json->at == json->end || hex_digit(*json->at++) < 0) return false;
  return true;
}

bool json_string(struct json *json, struct json_string *string) {
  if (!take(json, '"')) return false;
  string->at = json->at;
  while (json->at < json->end) {
    unsigned char character = *json->at;
    if (character == '"') {
      string->end = json->at++;
      return true;
    }
    if (character >= 0x80) {
      if (!utf8(json)) return false;
    } else if (character < 0x20) {
      return false;
    } else {
      json->at++;
      if (character == '\\' && !escape(json)) return false;
    }
  }
  return false;
}

static bool any_member(void *context, struct json *json, struct json_string name) {
  (void)context;
  (void)name;
  return json_value(json);
}

static bool any_element(void *context, struct json *json) {
  (void)context;
  return json_value(json);
}

bool json_value(struct json *json) {
  struct json_string string;
  if (json->at == json->end) return false;
  switch (*json->at) {
    case '{': return json_object(json, any_member, NULL);
    case '[': return json_array(json, any_element, NULL);
    case '"': return json_string(json, &string);
    case 't': return word(json, "true");
    case 'f': return word(json, "false");
    case 'n': return word(json, "null");
    default: return number(json);
  }
}

bool json_object(struct json *json, json_member *member, void *context) {
  if (!take(json, '{') || ++json->depth > DEEPEST) return false;
  json_space(json);
  if (!next_is(json, '}')) {
    do {
      struct json_string name;
      json_space(json);
      if (!json_string(json, &name)) return false;
      json_space(json);
      if (!take(json, ':')) return false;
      json_space(json);
      if (!member(context, json, name)) return false;
      json_space(json);
    } while (take(json, ','));
  }
  json->depth--;
  return take(json, '}');
}

bool json_array(struct json *json, json_element *element, void *context) {
  if (!take(json, '[') || ++json->depth > DEEPEST) return false;
  json_space(json);
  if (!next_is(json, ']')) {
    do {
      json_space(json);
      if (!element(context, json)) return false;
      json_space(json);
    } while (take(json, ','));
  }
  json->depth--;
  return take(json, ']');
}

unsigned json_character(struct json_string *string) {
  unsigned char character = *string->at++;
  if (character >= 0x80) {
    while (string->at < string->end && (*string->at & 0xc0) == 0x80) string->at++;
    return 0x80;
  }
  if (character != '\\') return character;
  switch (character = *string->at++) {
    case 'b': return '\b';
    case 'f': return '\f';
    case 'n': return '\n';
    case 'r': return '\r';
    case 't': return '\t';
    case 'u': break;
    default: return character;
  }
  unsigned code = 0;
  for (int count = 0; count < 4; count++) code = code * 16 + (unsigned)hex_digit(*string->at++);
  return code < 0x80 ? code : 0x80;
}

bool json_equals(struct json_string string, const char *text) {
  for (; string.at < string.end; text++)
    if (*text == '\0' || json_character(&string) != (unsigned char)*text) return false;
  return *text == '\0';
}

bool json_resembles(struct json_string string, const char *text) {
  bool is_equal = true;
  while (string.at < string.end) {
    unsigned character = json_character(&string);
    if (character == 0x80) return true;
    if (character >= 'A' && character <= 'Z') character += 'a' - 'A';
    unsigned expected = (unsigned char)*text;
    if (expected >= 'A' && expected <= 'Z') expected += 'a' - 'A';
    if (expected == '\0' || character != expected) is_equal = false;
    if (*text != '\0') text++;
  }
  return is_equal && *text == '\0';
}
