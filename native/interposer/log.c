#include "log.h"

#include "kernel.h"

struct line {
  char text[512];
  size_t used;
};

/* Not more than `most` bytes; control characters become question marks. The last byte is kept for the line feed. */
static void add(struct line *line, const char *from, const char *end, size_t most) {
  for (; from < end && most > 0 && line->used < sizeof line->text - 1; from++, most--) {
    unsigned char character = (unsigned char)*from;
    line->text[line->used++] = (char)(character < 0x20 || character == 0x7f ? '?' : character);
  }
}

static void add_field(struct line *line, const char *from, const char *end, size_t most) {
  if (line->used > 0 && line->used < sizeof line->text - 1) line->text[line->used++] = '\t';
  add(line, from, end, most);
}

static void add_text(struct line *line, const char *text, size_t most) {
  add_field(line, text, text + length_of(text), most);
}

static void add_number(struct line *line, uint64_t number) {
  char digits[20];
  char *at = digits + sizeof digits;
  do *--at = (char)('0' + number % 10);
  while (number /= 10);
  add_field(line, at, digits + sizeof digits, sizeof digits);
}

/* A reader that has just gone away must not end the guest: the signal is held back, and taken away when it came by this. */
static void write_line(int log, struct line *line) {
  line->text[line->used++] = '\n';
  const uint64_t pipe = 1u << (SIGPIPE - 1);
  const int64_t at_once[2] = {0, 0};
  uint64_t before = 0, waiting = 0;
  if (system_call(NR_RT_SIGPROCMASK, SIG_BLOCK, (long)&pipe, (long)&before, sizeof pipe, 0, 0) != 0) return;
  long asked = system_call(NR_RT_SIGPENDING, (long)&waiting, sizeof waiting, 0, 0, 0, 0);
  if (asked == 0 && sys_write(log, line->text, line->used) == -EPIPE && !(waiting & pipe))
    system_call(NR_RT_SIGTIMEDWAIT, (long)&pipe, 0, (long)at_once, sizeof pipe, 0, 0);
  system_call(NR_RT_SIGPROCMASK, SIG_SETMASK, (long)&before, 0, sizeof before, 0, 0);
}

long open_log(void) {
  long log = sys_openat(AT_FDCWD, MOUNT "/log", O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY);
  struct statx facts;
  if (log >= 0 && (sys_statx((int)log, "", &facts) != 0 || (facts.mode & S_IFMT) != S_IFIFO)) {
    sys_close((int)log);
    return -1;
  }
  return log;
}

static void begin(struct line *line, const char *kind) {
  line->used = 0;
  add_text(line, "anyarch1", sizeof line->text);
  add_text(line, kind, sizeof line->text);
  add_number(line, nanoseconds());
}

enum { MOST_OF_A_FIELD = 200 };

void log_substituted(int log, const struct attempt *attempt) {
  struct line line;
  begin(&line, "S");
  add_text(&line, attempt->room->native, MOST_OF_A_FIELD);
  add_text(&line, attempt->start->path, sizeof line.text);
  write_line(log, &line);
}

void log_emulated(int log, const struct attempt *attempt) {
  struct line line;
  begin(&line, "E");
  add_text(&line, attempt->reason, sizeof line.text);
  add_field(&line, attempt->detail.start, attempt->detail.end, MOST_OF_A_FIELD);
  add_text(&line, attempt->start->path, sizeof line.text);
  write_line(log, &line);
}
