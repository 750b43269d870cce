#define _GNU_SOURCE
#include "capture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

const char *emulator;

/* It can only be executed by the kernel. */
static int needs_entry(const struct guest *guest) {
  return guest->descriptor > 0 || guest->words[0] == NULL || guest->entry;
}

/* `EMULATOR PROGRAM WORDS…`, with `-0 ARGV0` in front where that is not the program's path. */
static void give(const struct guest *guest, char *const *environment) {
  size_t count = 0, used = 0;
  while (guest->words[count] != NULL) count++;
  char *words[count + 4];
  words[used++] = (char *)emulator;
  if (strcmp(guest->words[0], guest->path) != 0) {
    words[used++] = "-0";
    words[used++] = guest->words[0];
  }
  words[used++] = (char *)guest->path;
  for (size_t index = 1; index <= count; index++) words[used++] = guest->words[index];
  execve(emulator, words, environment);
}

static void become(const struct guest *guest, int output) {
  dup2(output, 1);
  dup2(output, 2);
  close(output);
  if (guest->prepare != NULL) guest->prepare();
  char *const *environment = guest->environment == NULL ? environ : guest->environment;
  if (emulator != NULL) give(guest, environment);
  else if (guest->descriptor > 0) fexecve(guest->descriptor, guest->words, environment);
  else execve(guest->path, guest->words, environment);
  dprintf(1, "execve: error %d\n", errno);
  _exit(126);
}

void capture(const struct guest *guest) {
  int ends[2];
  if (emulator != NULL && needs_entry(guest)) {
    printf("# untried %s\n", guest->name);
    return;
  }
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
