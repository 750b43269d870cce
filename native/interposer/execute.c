/* The native program in the place of this process. */
#include "attempt.h"
#include "kernel.h"
#include "log.h"
#include "words.h"

struct arguments {
  struct span inserted[MOST_INSERTED];
  size_t inserted_count;
  size_t map_count;
  struct span first; /* in the place of argv[0]; empty without */
};

static bool is_below_mount(const char *path) {
  if (!begins(path, MOUNT "/")) return false;
  for (const char *at = path; *at; at++)
    if (begins(at, "/../") || same(at, "/..")) return false;
  return true;
}

static bool collect(struct arguments *arguments, struct room *room, struct span alternative) {
  struct span line, name, first;
  arguments->inserted_count = arguments->map_count = 0;
  arguments->first = (struct span){NULL, NULL};
  while (next_line(&alternative, &line)) {
    if (!next_word(&line, &name) || !next_word(&line, &first)) return false;
    if (is_word(name, "arg0")) arguments->first = first;
    if (is_word(name, "insert")) {
      if (arguments->inserted_count == MOST_INSERTED) return false;
      arguments->inserted[arguments->inserted_count++] = first;
    }
    if (is_word(name, "map")) {
      if (arguments->map_count == MOST_MAPS) return false;
      room->from[arguments->map_count] = first;
      if (!next_word(&line, &room->to[arguments->map_count++])) return false;
    }
  }
  return true;
}

/* The map that fits, or `count`; `rest` is what follows behind its beginning. */
static size_t map_of(const struct room *room, size_t count, const char *argument, const char **rest) {
  size_t index = 0;
  while (index < count && !(*rest = after_word(argument, room->from[index]))) index++;
  return index;
}

static size_t room_for(struct span word) { return (size_t)(word.end - word.start) + 1; }

static size_t size_needed(const struct attempt *attempt, const struct arguments *arguments) {
  const struct start *start = attempt->start;
  size_t size = (start->guest_count + arguments->inserted_count + 1) * sizeof(char *);
  for (size_t index = 0; index < arguments->inserted_count; index++) size += room_for(arguments->inserted[index]);
  size += room_for(arguments->first);
  if (arguments->map_count == 0) return size;
  for (uint64_t index = 1; index < start->guest_count; index++) {
    const char *rest;
    size_t map = map_of(attempt->room, arguments->map_count, start->guest[index], &rest);
    if (map < arguments->map_count) size += room_for(attempt->room->to[map]) + length_of(rest);
  }
  return size;
}

static void fill(const struct attempt *attempt, const struct arguments *arguments, char **to) {
  const struct start *start = attempt->start;
  char *texts = (char *)(to + start->guest_count + arguments->inserted_count + 1);
  *to = start->guest[0];
  if (arguments->first.start) {
    *to = texts;
    texts += decode(arguments->first, texts);
  }
  to++;
  for (size_t index = 0; index < arguments->inserted_count; index++) {
    *to++ = texts;
    texts += decode(arguments->inserted[index], texts);
  }
  for (uint64_t index = 1; index < start->guest_count; index++) {
    const char *rest;
    size_t map = map_of(attempt->room, arguments->map_count, start->guest[index], &rest);
    if (map == arguments->map_count) {
      *to++ = start->guest[index];
      continue;
    }
    *to++ = texts;
    texts += decode(attempt->room->to[map], texts) - 1;
    do *texts++ = *rest;
    while (*rest++);
  }
  *to = NULL;
}

/* The log says so before, as nothing can be said after it. */
static bool announce(struct attempt *attempt) {
  if (!log_is_followed(attempt)) return true;
  bool there = sys_faccessat(attempt->room->native, X_OK) == 0;
  if (there) log_substituted(attempt);
  return there;
}

void execute(struct attempt *attempt, struct span alternative) {
  struct arguments arguments;
  struct room *room = attempt->room;
  if (!is_below_mount(room->native) || !collect(&arguments, room, alternative)) return;
  const struct start *start = attempt->start;
  size_t size = size_needed(attempt, &arguments);
  char **list = sys_map(size);
  if (list) {
    fill(attempt, &arguments, list);
    bool given = start->descriptor >= 0;
    /* The kernel leaves this one open: the native program is to have none that the guest's would not have. */
    if (announce(attempt) && (!given || sys_close_on_exec(start->descriptor, true) == 0)) {
      sys_execve(room->native, list, start->variables);
      if (given) sys_close_on_exec(start->descriptor, false);
    }
    sys_unmap(list, size);
  }
  refuse_for(attempt, "exec", room->native);
}
