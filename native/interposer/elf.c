#include "elf.h"

#include "kernel.h"

static uint64_t number(const unsigned char *at, int size, bool big) {
  uint64_t value = 0;
  for (int index = 0; index < size; index++) value = value << 8 | at[big ? index : size - 1 - index];
  return value;
}

static void to_hex(const unsigned char *bytes, size_t size, char *to) {
  for (size_t index = 0; index < 2 * size; index++) {
    int digit = index % 2 ? bytes[index / 2] & 15 : bytes[index / 2] >> 4;
    to[index] = (char)(digit < 10 ? '0' + digit : 'a' + digit - 10);
  }
  to[2 * size] = 0;
}

/* Notes are read as src/core/elf-notes.ts does it. */
static bool find_note(const unsigned char *notes, size_t size, bool big, uint64_t alignment, char *name) {
  enum { NT_GNU_BUILD_ID = 3 };
  uint64_t mask = (alignment == 8 ? 8 : 4) - 1;
  uint64_t at = 0;
  while (at + 12 <= size) {
    uint64_t name_size = number(notes + at, 4, big);
    uint64_t length = number(notes + at + 4, 4, big);
    uint64_t type = number(notes + at + 8, 4, big);
    uint64_t start = (at + 12 + name_size + mask) & ~mask;
    if (start + length > size) return false;
    const unsigned char *owner = notes + at + 12;
    bool gnu = name_size == 4 && owner[0] == 'G' && owner[1] == 'N' && owner[2] == 'U' && owner[3] == 0;
    if (gnu && type == NT_GNU_BUILD_ID && length > 0 && length <= LONGEST_BUILD_ID) {
      to_hex(notes + start, length, name);
      return true;
    }
    at = (start + length + mask) & ~mask;
  }
  return false;
}

bool build_id_of(int descriptor, unsigned char *buffer, char *name) {
  enum { PT_NOTE = 4, HALF = ELF_BUFFER / 2, SMALLEST = 52 };
  name[0] = 0;
  /* The second half is for notes that lie elsewhere. */
  long got = sys_pread(descriptor, buffer, HALF, 0);
  if (got < SMALLEST || buffer[0] != 0x7f || buffer[1] != 'E' || buffer[2] != 'L' || buffer[3] != 'F') return false;
  bool wide = buffer[4] == 2, big = buffer[5] == 2;
  if ((buffer[4] != 1 && !wide) || (buffer[5] != 1 && !big) || (wide && got < 64)) return false;
  uint64_t table = wide ? number(buffer + 32, 8, big) : number(buffer + 28, 4, big);
  uint64_t entry_size = number(buffer + (wide ? 54 : 42), 2, big);
  uint64_t count = number(buffer + (wide ? 56 : 44), 2, big);
  if (entry_size != (wide ? 56 : 32)) return true;
  for (uint64_t index = 0; index < count; index++) {
    uint64_t position = table + index * entry_size;
    if (table > (uint64_t)got || position + entry_size > (uint64_t)got) return true;
    const unsigned char *header = buffer + position;
    if (number(header, 4, big) != PT_NOTE) continue;
    uint64_t offset = wide ? number(header + 8, 8, big) : number(header + 4, 4, big);
    uint64_t size = wide ? number(header + 32, 8, big) : number(header + 16, 4, big);
    uint64_t alignment = wide ? number(header + 48, 8, big) : number(header + 28, 4, big);
    if (offset >> 62 || size >> 62) continue;
    const unsigned char *notes = buffer + offset;
    long available = (long)size;
    if (offset + size > (uint64_t)got) {
      notes = buffer + HALF;
      available = sys_pread(descriptor, buffer + HALF, size < HALF ? size : HALF, offset);
    }
    if (available > 0 && find_note(notes, (size_t)available, big, alignment, name)) return true;
  }
  return true;
}
