/*
 * The C library's formatting, with the conversions that the engine's messages use: %s %c %d %u %x %%, with `0`, `+`, a
 * width, a precision and the lengths l, ll, z and j. The whole of printf would be a twentieth of the program.
 */
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct text {
  char *to;
  size_t size;
  size_t length; /* as if there were room for everything */
};

struct conversion {
  bool zeros, plus;
  int width;
  int precision; /* -1: none */
  int longs;
};

static void put(struct text *text, char character) {
  if (text->length + 1 < text->size) text->to[text->length] = character;
  text->length += 1;
}

static void put_many(struct text *text, char character, int count) {
  for (; count > 0; count -= 1) put(text, character);
}

static void put_string(struct text *text, const struct conversion *how, const char *string) {
  if (!string) string = "(null)";
  size_t length = how->precision < 0 ? strlen(string) : strnlen(string, (size_t)how->precision);
  put_many(text, ' ', how->width - (int)length);
  for (size_t index = 0; index < length; index += 1) put(text, string[index]);
}

static void put_number(struct text *text, const struct conversion *how, uint64_t value, char sign, unsigned base) {
  char digits[24];
  int count = 0;
  do {
    digits[count++] = "0123456789abcdef"[value % base];
    value /= base;
  } while (value > 0);
  int missing = how->width - count - (sign ? 1 : 0);
  if (!how->zeros) put_many(text, ' ', missing);
  if (sign) put(text, sign);
  if (how->zeros) put_many(text, '0', missing);
  while (count > 0) put(text, digits[--count]);
}

static int64_t next_integer(va_list *arguments, int longs) {
  if (longs > 1) return va_arg(*arguments, long long);
  return longs == 1 ? va_arg(*arguments, long) : va_arg(*arguments, int);
}

static uint64_t next_unsigned(va_list *arguments, int longs) {
  if (longs > 1) return va_arg(*arguments, unsigned long long);
  return longs == 1 ? va_arg(*arguments, unsigned long) : va_arg(*arguments, unsigned);
}

static const char *parse_number(const char *format, va_list *arguments, int *number) {
  if (*format == '*') {
    *number = va_arg(*arguments, int);
    return format + 1;
  }
  for (*number = 0; *format >= '0' && *format <= '9'; format += 1) *number = *number * 10 + (*format - '0');
  return format;
}

static const char *parse(const char *format, va_list *arguments, struct conversion *how) {
  *how = (struct conversion){.precision = -1};
  for (; *format == '0' || *format == '+'; format += 1) {
    if (*format == '0') how->zeros = true;
    else how->plus = true;
  }
  format = parse_number(format, arguments, &how->width);
  if (*format == '.') format = parse_number(format + 1, arguments, &how->precision);
  for (; *format == 'l' || *format == 'z' || *format == 'j'; format += 1) how->longs += *format == 'j' ? 2 : 1;
  return format;
}

static void convert(struct text *text, const struct conversion *how, char kind, va_list *arguments) {
  switch (kind) {
    case 's':
      put_string(text, how, va_arg(*arguments, const char *));
      break;
    case 'c':
      put(text, (char)va_arg(*arguments, int));
      break;
    case 'd':
    case 'i': {
      int64_t value = next_integer(arguments, how->longs);
      uint64_t size = value < 0 ? -(uint64_t)value : (uint64_t)value;
      put_number(text, how, size, value < 0 ? '-' : how->plus ? '+' : 0, 10);
      break;
    }
    case 'u':
      put_number(text, how, next_unsigned(arguments, how->longs), 0, 10);
      break;
    case 'x':
      put_number(text, how, next_unsigned(arguments, how->longs), 0, 16);
      break;
    case '%':
      put(text, '%');
      break;
    default:
      abort();
  }
}

int vsnprintf(char *restrict to, size_t size, const char *restrict format, va_list given) {
  struct text text = {.to = to, .size = size};
  va_list arguments;
  va_copy(arguments, given);
  for (; *format; format += 1) {
    if (*format != '%') {
      put(&text, *format);
      continue;
    }
    struct conversion how;
    format = parse(format + 1, &arguments, &how);
    convert(&text, &how, *format, &arguments);
  }
  va_end(arguments);
  if (size > 0) to[text.length < size ? text.length : size - 1] = 0;
  return (int)text.length;
}

int snprintf(char *restrict to, size_t size, const char *restrict format, ...) {
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(to, size, format, arguments);
  va_end(arguments);
  return length;
}
