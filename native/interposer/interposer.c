/*
 * What a patched QEMU executes first: docs/interposer.md. Either the native build of the guest's program is executed, or QEMU
 * begins as the kernel has left everything.
 */
#define ENTRY
#include "attempt.h"
#include "config.h"
#include "kernel.h"
#include "log.h"

void refuse(struct attempt *attempt, int rank, const char *reason, struct span detail) {
  if (rank <= attempt->rank) return;
  attempt->rank = rank;
  attempt->reason = reason;
  attempt->detail = detail;
}

void refuse_for(struct attempt *attempt, const char *reason, const char *detail) {
  refuse(attempt, RANK_END, reason, (struct span){detail, detail + length_of(detail)});
}

/* Programs without a build id have recipes named by their size. */
static void name_by_size(char *name, uint64_t size) {
  char digits[20];
  char *at = digits + sizeof digits;
  do *--at = (char)('0' + size % 10);
  while (size /= 10);
  *name++ = 's';
  while (at < digits + sizeof digits) *name++ = *at++;
  *name = 0;
}

static void substitute_known(struct attempt *attempt, int directory) {
  struct statx facts;
  char *name = attempt->room->name;
  struct span recipe;
  if (sys_statx(attempt->guest, &facts) != 0 || (facts.mode & S_IFMT) != S_IFREG) {
    refuse_for(attempt, "unknown", "statx");
    return;
  }
  attempt->size = facts.size;
  if (!build_id_of(attempt->guest, attempt->room->elf, name)) {
    refuse_for(attempt, "unknown", "ELF");
    return;
  }
  if (!*name) name_by_size(name, facts.size);
  if (!read_recipe(attempt, directory, &recipe)) return;
  if (environment_allows(attempt, config.flags & CONFIG_BIG_ENDIAN)) follow_recipe(attempt, recipe);
}

static void substitute(const struct start *start, int directory) {
  struct attempt attempt;
  attempt.start = start;
  attempt.room = NULL;
  attempt.guest = start->descriptor;
  attempt.hashed = false;
  attempt.rank = RANK_NONE;
  attempt.reason = "unknown";
  attempt.detail.start = attempt.detail.end = NULL;
  attempt.log = LOG_UNKNOWN;
  attempt.cache.known = attempt.script.known = attempt.held.known = false;
  const char *wanted = variable(start, "ANYARCH_ACCELERATE");
  if (wanted && same(wanted, "0")) {
    refuse_for(&attempt, "off", "ANYARCH_ACCELERATE");
  } else if (start->secure) {
    refuse_for(&attempt, "secure", "AT_SECURE");
  } else if (start->guest_count == 0) {
    refuse_for(&attempt, "argument", "argv[0]");
  } else if (!(attempt.room = sys_map(sizeof *attempt.room))) {
    refuse_for(&attempt, "exec", "memory");
  } else {
    if (start->descriptor < 0)
      attempt.guest = (int)sys_openat(AT_FDCWD, start->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (attempt.guest < 0) refuse_for(&attempt, "unknown", "open");
    else substitute_known(&attempt, directory);
    if (start->descriptor < 0 && attempt.guest >= 0) sys_close(attempt.guest);
  }
  log_emulated(&attempt);
  close_log(&attempt);
  forget(&attempt.cache);
  forget(&attempt.script);
  forget(&attempt.held);
  if (attempt.room) sys_unmap(attempt.room, sizeof *attempt.room);
}

/* Returns the stack that QEMU is to begin with. */
uint64_t *interpose(uint64_t *stack) {
  struct start start;
  read_start(&start, stack);
  if (!start.path) return stack;
  long directory = sys_openat(AT_FDCWD, MOUNT "/r", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (directory >= 0) {
    substitute(&start, (int)directory);
    sys_close((int)directory);
  }
  return with_options(&start, stack);
}

const char *original_entry(void) { return (const char *)&config + config.entry; }
