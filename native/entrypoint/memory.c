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

/*
 * Bytes. A block stands behind a header of `step` bytes that tells its size. Sizes are multiples of `step` up to `small`,
 * powers of two up to `medium`; larger ones come from the kernel one by one.
 */
enum { step = 16, small = 2048, medium = 65536, piece_size = 1 << 17, classes = small / step + 6 };

static void *free_blocks[classes];
static uint8_t *piece;
static size_t piece_left;

static size_t *size_of(void *block) { return (size_t *)((uint8_t *)block - step); }

static size_t rounded(size_t wanted) {
  if (wanted == 0) return step;
  if (wanted <= small || wanted > medium) return (wanted + step - 1) & ~(size_t)(step - 1);
  size_t size = small;
  while (size < wanted) size *= 2;
  return size;
}

static int class_of(size_t size) {
  int class = small / step;
  if (size <= small) return (int)(size / step);
  for (; size > small; size /= 2) class += 1;
  return class;
}

/* Prepared at once, since a page that is touched first costs as much as a thousand instructions; within limits. */
static void *map(size_t size) {
  int flags = MAP_PRIVATE | MAP_ANONYMOUS | (size <= 4 * piece_size ? MAP_POPULATE : 0);
  void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, -1, 0);
  return memory == MAP_FAILED ? NULL : memory;
}

static void *block_of_piece(size_t size) {
  void **list = &free_blocks[class_of(size)];
  void *block = *list;
  if (block) {
    *list = *(void **)block;
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
  void *block = size < wanted || size > PTRDIFF_MAX ? NULL : size > medium ? large_block(size) : block_of_piece(size);
  if (block) *size_of(block) = size;
  else errno = ENOMEM;
  return block;
}

void free(void *block) {
  if (!block) return;
  size_t size = *size_of(block);
  if (size > medium) {
    munmap(size_of(block), size + step);
  } else {
    void **list = &free_blocks[class_of(size)];
    *(void **)block = *list;
    *list = block;
  }
}

void *realloc(void *block, size_t wanted) {
  if (!block) return malloc(wanted);
  size_t before = *size_of(block), size = rounded(wanted);
  if (size >= wanted && size <= before) return block;
  if (before > medium && size >= wanted && size <= PTRDIFF_MAX) {
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
