/*
 * The engine makes tens of thousands of small blocks before the first line of ours runs; musl's allocator, made to
 * withstand attacks on programs that go on for years, took a third of the start-up time. Here a block comes from the
 * list of the free ones of its size, or from the end of a piece of memory that the kernel has prepared.
 */
#include "memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Bytes. Blocks have multiples of `step`, are aligned to it, and stand behind a header that tells their size. */
enum { step = 16, largest = 2048, piece_size = 1 << 19 };

static void *free_blocks[largest / step + 1];
static uint8_t *piece;
static size_t piece_left;

static size_t *size_of(void *block) { return (size_t *)((uint8_t *)block - step); }

static void *next_of_piece(size_t size) {
  size_t whole = size + step;
  if (whole > piece_left) {
    /* Prepared at once: each page that is touched first costs as much as a thousand instructions. */
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE;
    void *memory = mmap(NULL, piece_size, PROT_READ | PROT_WRITE, flags, -1, 0);
    if (memory == MAP_FAILED) return NULL;
    piece = memory;
    piece_left = piece_size;
  }
  void *block = piece + step;
  piece += whole;
  piece_left -= whole;
  return block;
}

static void *large_block(void *old, size_t size) {
  uint8_t *start = realloc(old ? size_of(old) : NULL, size + step);
  return start ? start + step : NULL;
}

static size_t rounded(size_t wanted) { return (wanted + step - 1) & ~(size_t)(step - 1); }

static void *allocate(JSMallocState *state, size_t wanted) {
  size_t size = rounded(wanted);
  if (size < wanted || state->malloc_size + size > state->malloc_limit) return NULL;
  void *block;
  if (size > largest) {
    block = large_block(NULL, size);
  } else if (free_blocks[size / step]) {
    block = free_blocks[size / step];
    free_blocks[size / step] = *(void **)block;
  } else {
    block = next_of_piece(size);
  }
  if (!block) return NULL;
  *size_of(block) = size;
  state->malloc_count += 1;
  state->malloc_size += size + step;
  return block;
}

static void release(JSMallocState *state, void *block) {
  if (!block) return;
  size_t size = *size_of(block);
  state->malloc_count -= 1;
  state->malloc_size -= size + step;
  if (size > largest) {
    free(size_of(block));
  } else {
    *(void **)block = free_blocks[size / step];
    free_blocks[size / step] = block;
  }
}

static void *moved(JSMallocState *state, void *block, size_t size, size_t wanted) {
  void *result = allocate(state, wanted);
  if (!result) return NULL;
  memcpy(result, block, size);
  release(state, block);
  return result;
}

static void *resize(JSMallocState *state, void *block, size_t wanted) {
  if (!block) return wanted == 0 ? NULL : allocate(state, wanted);
  if (wanted == 0) {
    release(state, block);
    return NULL;
  }
  size_t before = *size_of(block), size = rounded(wanted);
  if (size < wanted) return NULL;
  if (size <= before) return block;
  if (before <= largest) return moved(state, block, before, wanted);
  void *grown = large_block(block, size);
  if (!grown) return NULL;
  *size_of(grown) = size;
  state->malloc_size += size - before;
  return grown;
}

static size_t usable_size(const void *block) { return block ? *size_of((void *)block) : 0; }

const JSMallocFunctions memory_functions = {allocate, release, resize, usable_size};
