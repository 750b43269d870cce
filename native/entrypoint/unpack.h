#ifndef UNPACK_H
#define UNPACK_H

#include <stddef.h>
#include <stdint.h>

/*
 * One block of LZ4, whose content has exactly `length` bytes: NULL when it is damaged.
 * https://github.com/lz4/lz4/blob/dev/doc/lz4_Block_format.md
 */
uint8_t *unpack(const uint8_t *packed, size_t packed_length, size_t length);

#endif
