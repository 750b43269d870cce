/* Libraries that the guest's program would load. */
#include "attempt.h"
#include "kernel.h"
#include "words.h"

static bool is_the_library(struct attempt *attempt, int library, uint64_t size, struct span build_id, struct span hash) {
  struct room *room = attempt->room;
  struct statx facts;
  uint64_t content;
  if (sys_statx(library, &facts) != 0 || (facts.mode & S_IFMT) != S_IFREG || facts.size != size) return false;
  if (!build_id_of(library, room->elf, room->name) || !is_word(build_id, room->name)) return false;
  if (is_word(hash, "-")) return true;
  return xxh64_of_file(library, size, room->content, &content) && equals_hex(hash, content);
}

bool has_library(struct attempt *attempt, struct span path, struct span size, struct span build_id, struct span hash) {
  bool good = true;
  uint64_t bytes = number_in(size, &good);
  if (!good || !decode_path(path, attempt->room->path, PATH_SIZE)) return false;
  if (!is_searched_there(attempt, attempt->room->path)) return false;
  long library = sys_openat(AT_FDCWD, attempt->room->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
  if (library < 0) return false;
  bool right = is_the_library(attempt, (int)library, bytes, build_id, hash);
  sys_close((int)library);
  return right;
}
