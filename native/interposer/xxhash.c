/* XXH64 with seed 0: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md */
#include "xxhash.h"

#include "kernel.h"

static const uint64_t prime1 = 0x9E3779B185EBCA87, prime2 = 0xC2B2AE3D27D4EB4F, prime3 = 0x165667B19E3779F9,
                      prime4 = 0x85EBCA77C2B2AE63, prime5 = 0x27D4EB2F165667C5;

static inline uint64_t rotate(uint64_t value, int bits) { return value << bits | value >> (64 - bits); }

static inline uint64_t round_of(uint64_t lane, uint64_t input) { return rotate(lane + input * prime2, 31) * prime1; }

static inline uint64_t merge(uint64_t hash, uint64_t lane) { return (hash ^ round_of(0, lane)) * prime1 + prime4; }

/* Little-endian in memory, at addresses that are multiples of the size. */
static inline uint64_t word64(const unsigned char *at) {
  uint64_t value = *(const uint64_t *)at;
  return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap64(value) : value;
}

static inline uint32_t word32(const unsigned char *at) {
  uint32_t value = *(const uint32_t *)at;
  return __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? __builtin_bswap32(value) : value;
}

static uint64_t finish(uint64_t hash, const unsigned char *at, size_t left) {
  for (; left >= 8; at += 8, left -= 8) hash = rotate(hash ^ round_of(0, word64(at)), 27) * prime1 + prime4;
  if (left >= 4) {
    hash = rotate(hash ^ word32(at) * prime1, 23) * prime2 + prime3;
    at += 4, left -= 4;
  }
  for (; left > 0; at++, left--) hash = rotate(hash ^ *at * prime5, 11) * prime1;
  hash = (hash ^ hash >> 33) * prime2;
  hash = (hash ^ hash >> 29) * prime3;
  return hash ^ hash >> 32;
}

/* Short reads are gone on with; fewer bytes than wanted only at the file's end. */
static size_t fill(int descriptor, unsigned char *to, size_t size, uint64_t offset) {
  size_t got = 0;
  while (got < size) {
    long part = sys_pread(descriptor, to + got, size - got, offset + got);
    if (part <= 0) break;
    got += (size_t)part;
  }
  return got;
}

/* False when the file cannot be read or has not as many bytes. The buffer has HASH_BUFFER bytes, aligned to 32. */
bool xxh64_of_file(int descriptor, uint64_t size, void *buffer, uint64_t *hash) {
  uint64_t a = prime1 + prime2, b = prime2, c = 0, d = -prime1, done = 0;
  const unsigned char *at = buffer;
  size_t left = 0;
  do {
    at = buffer;
    left = fill(descriptor, buffer, HASH_BUFFER, done);
    done += left;
    bool last = left < HASH_BUFFER;
    for (; left >= 32; at += 32, left -= 32) {
      a = round_of(a, word64(at));
      b = round_of(b, word64(at + 8));
      c = round_of(c, word64(at + 16));
      d = round_of(d, word64(at + 24));
    }
    if (last) break;
  } while (done <= size);
  if (done != size) return false;
  uint64_t value = prime5;
  if (size >= 32) {
    value = rotate(a, 1) + rotate(b, 7) + rotate(c, 12) + rotate(d, 18);
    value = merge(merge(merge(merge(value, a), b), c), d);
  }
  *hash = finish(value + size, at, left);
  return true;
}
