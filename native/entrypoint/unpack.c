#include "unpack.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

struct input {
  const uint8_t *at;
  const uint8_t *end;
};

static uint8_t next(struct input *input) { return input->at < input->end ? *input->at++ : 0; }

/* Four bits of the token; 15 goes on in bytes until one is not 255. */
static size_t read_length(struct input *input, uint8_t bits) {
  size_t length = bits;
  if (bits < 15) return length;
  uint8_t more;
  do {
    more = next(input);
    length += more;
  } while (more == 255);
  return length;
}

/*
 * In pieces, because most parts are shorter than one. Up to `piece` - 1 bytes behind the end are read and written:
 * there must be so many, and `to` - `from` must be at least `piece` when the parts overlap.
 */
enum { piece = 16 };

static void copy_pieces(uint8_t *to, const uint8_t *from, size_t length) {
  for (size_t offset = 0; offset < length; offset += piece) memcpy(to + offset, from + offset, piece);
}

/* Literal bytes, then a part of what there is already; the last literals stand alone. */
static bool unpack_all(struct input input, uint8_t *content, size_t length) {
  size_t done = 0;
  while (input.at < input.end) {
    uint8_t token = next(&input);
    size_t literals = read_length(&input, token >> 4);
    size_t given = (size_t)(input.end - input.at);
    if (literals > length - done || literals > given) return false;
    if (given - literals >= piece) copy_pieces(content + done, input.at, literals);
    else memcpy(content + done, input.at, literals);
    input.at += literals;
    done += literals;
    if (input.at == input.end) break;
    size_t distance = next(&input);
    distance |= (size_t)next(&input) << 8;
    size_t copied = read_length(&input, token & 15) + 4;
    if (distance == 0 || distance > done || copied > length - done) return false;
    uint8_t *to = content + done;
    /* A part may overlap what it becomes: then what was just written is repeated. */
    if (distance >= piece) copy_pieces(to, to - distance, copied);
    else for (size_t offset = 0; offset < copied; offset += 1) to[offset] = (to - distance)[offset];
    done += copied;
  }
  return done == length;
}

uint8_t *unpack(const uint8_t *packed, size_t packed_length, size_t length) {
  uint8_t *content = malloc(length + piece);
  struct input input = {packed, packed + packed_length};
  if (content && unpack_all(input, content, length)) return content;
  free(content);
  return NULL;
}
