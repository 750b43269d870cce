#define _GNU_SOURCE
#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static void become(const struct guest *guest, int output) {
  dup2(output, 1);
  dup2(output, 2);
  close(output);
  if (guest->prepare != NULL) guest->prepare();
  char *const *environment = guest->environment == NULL ? environ : guest->environment;
  if (guest->descriptor > 0) fexecve(guest->descriptor, guest->words, environment);
  else execve(guest->path, guest->words, environment);
  dprintf(1, "execve: error %d\n", errno);
  _exit(126);
}

void capture(const struct guest *guest) {
  int ends[2];
  printf("== %s\n", guest->name);
  fflush(stdout);
  if (pipe(ends) != 0) return;
  pid_t child = fork();
  if (child == 0) {
    close(ends[0]);
    become(guest, ends[1]);
  }
  close(ends[1]);
  char text[4096];
  ssize_t length;
  while ((length = read(ends[0], text, sizeof text)) > 0 || (length < 0 && errno == EINTR))
    if (length > 0) fwrite(text, 1, length, stdout);
  close(ends[0]);
  int status = 0;
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) continue;
  if (WIFSIGNALED(status)) printf("-> signal %d\n", WTERMSIG(status));
  else printf("-> exit %d\n", WEXITSTATUS(status));
  fflush(stdout);
}
