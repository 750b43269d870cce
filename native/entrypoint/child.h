/* Processes that are started and waited for. */
#ifndef CHILD_H
#define CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

struct command {
  const char *program;
  bool searched; /* along the environment's PATH when it has no slash */
  char **words;
  char **environment;
  const char *directory; /* or NULL */
  int streams[3];        /* what becomes standard input, output and error; none is one of these itself */
  int kept;              /* a further descriptor that stays open; 0: none */
  bool dies_with_us;
};

struct child {
  pid_t pid;
  int refusal; /* where the errno of a refused start can be read once the child has ended */
};

/* 0, or an errno when nothing could be started. While a child runs, SIGCHLD has to be blocked: see below. */
int start_child(const struct command *command, struct child *child);

/* How long what was killed is waited for: one in an uninterruptible call may take for ever. */
#define GRACE_NS ((int64_t)2000000000)

/* Whether it has ended; then its wait status, or the errno with which it could not be started. */
bool child_ended(struct child *child, int *wait_status, int *refusal);

/*
 * Blocks SIGCHLD and gives it a handler, so that only a system call that waits with `waiting` is interrupted by it and
 * no end of a child is missed.
 */
struct watch {
  sigset_t before;
  sigset_t waiting;
};
void watch_children(struct watch *watch);
void unwatch_children(const struct watch *watch);

#endif
