#ifndef JSON_H
#define JSON_H

#include <stdbool.h>
#include <stddef.h>

/* A place in a JSON text (RFC 8259). What moves it returns false at the first thing that is not JSON. */
struct json {
  const unsigned char *at;
  const unsigned char *end;
  unsigned depth;
};

/* What is between the quotes of a string, escapes and all. */
struct json_string {
  const unsigned char *at;
  const unsigned char *end;
};

void json_space(struct json *json);
bool json_string(struct json *json, struct json_string *string);
/* Any value. */
bool json_value(struct json *json);

/* Has to move over the member's value, or the element. */
typedef bool json_member(void *context, struct json *json, struct json_string name);
typedef bool json_element(void *context, struct json *json);

bool json_object(struct json *json, json_member *member, void *context);
bool json_array(struct json *json, json_element *element, void *context);

/* The next character of a string, unescaped; those beyond ASCII as 0x80. Only for strings that have been moved over. */
unsigned json_character(struct json_string *string);

bool json_equals(struct json_string string, const char *text);
/* But for the case of letters, as Go's decoder compares names. Names beyond ASCII may be anything to it. */
bool json_resembles(struct json_string string, const char *text);

#endif
