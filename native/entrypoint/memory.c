/*
 * The C library's allocator, replaced for one short run of one thread: the engine makes tens of thousands of small
 * blocks before the first line of ours runs, and musl's own, made to withstand attacks on programs that go on for
 * years, took a third of the start-up time. Here a block comes from the list of the free ones of its size, or from the
 * end of a piece of memory that the kernel has prepared.
 */
#include <errno.h>
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

static size_t rounded(size_t wanted) { return wanted == 0 ? step : (wanted + step - 1) & ~(size_t)(step - 1); }

/* Prepared at once, since a page that is touched first costs as much as a thousand instructions; within limits. */
static void *map(size_t size) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | (size <= piece_size + step ? MAP_POPULATE : 0);
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

static void *small_block(size_t size) {
  void *block = free_blocks[size / step];
  if (block) {
    free_blocks[size / step] = *(void **)block;
    return block;
  }
  if (size + step > piece_left) {
    piece = map(piece_size);
    piece_left = piece ? piece_size : 0;
    if (!piece) return NULL;
  }
  block = piece + step;
  piece += size + step;
  piece_left -= size + step;
  return block;
}

static void *large_block(size_t size) {
  uint8_t *start = map(size + step);
  return start ? start + step : NULL;
}

void *malloc(size_t wanted) {
  size_t size = rounded(wanted);
  void *block = size < wanted || size > PTRDIFF_MAX ? NULL : size > largest ? large_block(size) : small_block(size);
  if (block) *size_of(block) = size;
  else errno = ENOMEM;
  return block;
}

void free(void *block) {
  if (!block) return;
  size_t size = *size_of(block);
  if (size > largest) {
    munmap(size_of(block), size + step);
  } else {
    *(void **)block = free_blocks[size / step];
    free_blocks[size / step] = block;
  }
}

void *realloc(void *block, size_t wanted) {
  if (!block) return malloc(wanted);
  size_t before = *size_of(block), size = rounded(wanted);
  if (size >= wanted && size <= before) return block;
  if (before > largest && size >= wanted && size <= PTRDIFF_MAX) {
    uint8_t *start = mremap(size_of(block), before + step, size + step, MREMAP_MAYMOVE);
    if (start == MAP_FAILED) return NULL;
    *(size_t *)start = size;
    return start + step;
  }
  void *moved = malloc(wanted);
  if (!moved) return NULL;
  memcpy(moved, block, before);
  free(block);
  return moved;
}

void *calloc(size_t count, size_t size) {
  size_t whole = count * size;
  if (size != 0 && whole / size != count) {
    errno = ENOMEM;
    return NULL;
  }
  void *block = malloc(whole);
  return block ? memset(block, 0, whole) : NULL;
}

size_t malloc_usable_size(void *block) { return block ? *size_of(block) : 0; }
