#ifndef SHA256_H
#define SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_HEX 64

struct sha256 {
  uint32_t state[8];
  uint64_t length; /* bytes so far */
  uint8_t block[64];
};

void sha256_start(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const uint8_t *data, size_t length);
/* Lower-case hexadecimal, without a NUL. */
void sha256_end(struct sha256 *hash, char digest[SHA256_HEX]);

#endif
