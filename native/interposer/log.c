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

static const struct {
  uint16_t family;
  char path[sizeof MOUNT "/log"];
} address = {1 /* AF_UNIX */, MOUNT "/log"};

/* A socket, and only while somebody listens. Nothing else is opened: an image may have planted anything there. */
static int connected(void) {
  struct statx facts;
  if (sys_statx_of(address.path, false, &facts) != 0 || (facts.mode & S_IFMT) != S_IFSOCK) return LOG_NONE;
  long log = sys_connected(&address, sizeof address);
  return log < 0 ? LOG_NONE : (int)log;
}

/* The connection stays open until the native program is executed: what takes its line back comes behind that. */
bool log_is_followed(struct attempt *attempt) {
  if (attempt->log == LOG_UNKNOWN) attempt->log = attempt->start->secure ? LOG_NONE : connected();
  return attempt->log >= 0;
}

void close_log(struct attempt *attempt) {
  if (attempt->log >= 0) sys_close(attempt->log);
  attempt->log = LOG_NONE;
}

/* Who listens may have gone, or be slow: then the line is lost. */
static void send_line(const struct attempt *attempt, struct line *line) {
  line->text[line->used++] = '\n';
  sys_send(attempt->log, line->text, line->used);
}

static void begin(struct line *line, const char *kind) {
  line->used = 0;
  add_text(line, "anyarch1", sizeof line->text);
  add_text(line, kind, sizeof line->text);
  add_number(line, nanoseconds());
}

enum { MOST_OF_A_FIELD = 200 };

void log_substituted(struct attempt *attempt) {
  if (!log_is_followed(attempt)) return;
  struct line line;
  begin(&line, "S");
  add_text(&line, attempt->room->native, MOST_OF_A_FIELD);
  add_text(&line, attempt->start->path, sizeof line.text);
  send_line(attempt, &line);
}

void log_emulated(struct attempt *attempt) {
  if (!log_is_followed(attempt)) return;
  struct line line;
  begin(&line, "E");
  add_text(&line, attempt->reason, sizeof line.text);
  add_field(&line, attempt->detail.start, attempt->detail.end, MOST_OF_A_FIELD);
  add_text(&line, attempt->start->path, sizeof line.text);
  send_line(attempt, &line);
}
