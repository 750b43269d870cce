#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static void become(const struct command *command, int refusal);
static int execute_searched(const struct command *command);

int start_child(const struct command *command, struct child *child) {
  int refusal[2];
  if (pipe2(refusal, O_CLOEXEC) < 0) return errno;
  child->pid = fork();
  if (child->pid == 0) become(command, refusal[1]);
  int error = errno;
  close(refusal[1]);
  if (child->pid < 0) {
    close(refusal[0]);
    return error;
  }
  child->refusal = refusal[0];
  return 0;
}

bool child_ended(struct child *child, int *wait_status, int *refusal) {
  if (waitpid(child->pid, wait_status, WNOHANG) != child->pid) return false;
  *refusal = 0;
  if (read(child->refusal, refusal, sizeof *refusal) != sizeof *refusal) *refusal = 0;
  close(child->refusal);
  return true;
}

static void nothing(int signal) {}

void watch_children(struct watch *watch) {
  sigset_t child;
  sigemptyset(&child);
  sigaddset(&child, SIGCHLD);
  sigprocmask(SIG_BLOCK, &child, &watch->before);
  watch->waiting = watch->before;
  sigdelset(&watch->waiting, SIGCHLD);
  struct sigaction action = {.sa_handler = nothing};
  sigaction(SIGCHLD, &action, NULL);
}

void unwatch_children(const struct watch *watch) {
  signal(SIGCHLD, SIG_DFL);
  sigprocmask(SIG_SETMASK, &watch->before, NULL);
}

/* In the child. What cannot be done is told through the pipe, which the execve closes. */
static void become(const struct command *command, int refusal) {
  signal(SIGPIPE, SIG_DFL);
  signal(SIGCHLD, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  int error = 0;
  if (command->dies_with_us) prctl(PR_SET_PDEATHSIG, SIGKILL);
  for (int stream = 0; stream < 3 && error == 0; stream += 1)
    if (dup2(command->streams[stream], stream) < 0) error = errno;
  if (error == 0 && command->kept > 0 && fcntl(command->kept, F_SETFD, 0) < 0) error = errno;
  if (error == 0 && command->directory && chdir(command->directory) < 0) error = errno;
  if (error == 0) error = execute_searched(command);
  write(refusal, &error, sizeof error);
  _exit(127);
}

/* As execvp(3) does it, but by the PATH that the program gets, and without a shell for what the kernel refuses. */
static int execute_searched(const struct command *command) {
  const char *name = command->program;
  if (!command->searched || strchr(name, '/')) {
    execve(name, command->words, command->environment);
    return errno;
  }
  const char *search = "/bin:/usr/bin";
  for (char **variable = command->environment; *variable; variable += 1) {
    if (strncmp(*variable, "PATH=", 5) == 0) search = *variable + 5;
  }
  int error = ENOENT;
  for (const char *end; search; search = *end ? end + 1 : NULL) {
    end = search + strcspn(search, ":");
    char path[PATH_MAX];
    int length = snprintf(path, sizeof path, "%.*s%s%s", (int)(end - search), search, end == search ? "" : "/", name);
    if (length < 0 || (size_t)length >= sizeof path) continue;
    execve(path, command->words, command->environment);
    if (errno == EACCES) error = EACCES;
    else if (errno != ENOENT && errno != ENOTDIR) return errno;
  }
  return error;
}
